import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { runCli } from '../../src/cli/cli.ts'
import { askWhole } from '../support/client.ts'
import { keyEntry, prepareHouse } from '../support/house.ts'
import { listening, startServe } from '../support/served-process.ts'
import { chatBody, startWritten } from '../support/written-upstream.ts'
import { capture } from '../unit/cli/capture.ts'

const SECRETS = {
  client: 'sk-trivium-the-key-of-a-client',
  unknown: 'sk-trivium-a-key-that-nobody-has',
  upstream: 'sk-proj-the-key-of-the-upstream',
  admin: 'the-token-of-the-admin-plane',
  webhook: 'the-secret-that-signs-alerts',
}

test('no key appears in a log, an answer, a metric, an error or a row', async (t) => {
  // Upstreams quote the key they refuse, and some log it or send it back.
  const upstream = await startWritten(t, (response, index, request) => {
    const quoted = `Incorrect API key provided: ${request.headers.authorization}`
    const body = JSON.stringify({
      error: { message: quoted, type: 'invalid_request_error', param: null, code: 'invalid_api_key' },
    })
    response.writeHead([401, 403, 500][index % 3] ?? 500, { 'content-type': 'application/json' }).end(body)
  })
  const { config, database, close } = await prepareHouse({
    settings: {
      server: { listen: '127.0.0.1:0', admin: '127.0.0.1:0', drain: '200ms', admin_token: SECRETS.admin },
      alerts: { webhook: 'http://127.0.0.1:1/', secret: SECRETS.webhook },
      log: { level: 'trace' },
    },
    upstream: { base_url: upstream.baseUrl, api_key: SECRETS.upstream, retries: 1 },
    team: {
      keys: [keyEntry(SECRETS.client, { id: 'ci' })],
      endpoints: ['chat', 'models', 'files', 'embeddings', 'other'],
    },
  })
  t.after(close)
  const served = startServe(t, ['--config', config])
  const base = await listening(served)
  const adminUrl = /admin on (\S+)/.exec(served.printed.stdout)?.[1] ?? ''
  const told: string[] = []
  const hear = async (url: string, asked: Parameters<typeof askWhole>[1]) => {
    const answer = await askWhole(url, asked)
    told.push(JSON.stringify(answer.headers), answer.text())
  }
  for (const key of [SECRETS.client, SECRETS.unknown]) {
    for (let count = 0; count < 4; count += 1) {
      await hear(`${base}/chat/completions`, { key, body: chatBody({ stream: count % 2 === 0 }) })
    }
    await hear(`${base}/files`, { key, method: 'GET' })
    await hear(`${base}/models`, { key, method: 'GET' })
    await hear(`${base}/files/${key}`, { key: 'none', method: 'GET' })
  }
  for (const key of [SECRETS.admin, SECRETS.unknown]) {
    for (const path of ['/metrics', '/readyz', '/api/budgets', '/api/openapi.json', '/api/nothing']) {
      await hear(`${adminUrl}${path}`, { key, method: 'GET' })
    }
  }
  const good = readFileSync(config, 'utf8')
  for (const bad of [
    `${good}\nserverr: 1\n`,
    good.replace('drain:', `drain: ${SECRETS.admin}\n  drian:`),
    `${good}\n: [`,
  ]) {
    writeFileSync(config, bad)
    served.child.kill('SIGHUP')
    const io = capture()
    assert.equal(await runCli(['check', '--offline', '--config', config], io), 2)
    // A wrong value that an error quotes is no secret, whatever its text. The keys in their own places are.
    if (!bad.includes(`drain: ${SECRETS.admin}`)) told.push(io.out(), io.err())
  }
  writeFileSync(config, good)
  served.child.kill('SIGTERM')
  await served.exited
  told.push(served.printed.stderr, served.printed.stdout)
  for (const file of readdirSync(dirname(database)).filter((name) => name.startsWith('ledger.db'))) {
    told.push(readFileSync(join(dirname(database), file), 'latin1'))
  }
  for (const [whose, secret] of Object.entries(SECRETS)) {
    for (const text of told) {
      const at = text.indexOf(secret)
      assert.equal(at, -1, `the ${whose} key: ${text.slice(Math.max(0, at - 200), at + 80)}`)
    }
  }
})
