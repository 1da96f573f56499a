import assert from 'node:assert/strict'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { stringify } from 'yaml'
import { runCli } from '../../../src/cli/cli.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'
import { capture } from './capture.ts'

/** An admin listener that answers every request with `status`, and the paths it was asked for. */
async function startAdmin(t: TestContext, status: number) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.writeHead(status).end('{"status":"said"}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  const address = server.address()
  return { port: typeof address === 'object' && address !== null ? address.port : 0, asked }
}

function configWith(t: TestContext, admin: string): string {
  const folder = temporaryDirectory()
  t.after(() => folder.dispose())
  const file = join(folder.path, 'trivium.yaml')
  writeFileSync(
    file,
    stringify({
      server: { admin, admin_token: 'a-token-for-tests' },
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable nobody has set, as in a probe's environment.
      upstreams: { openai: { base_url: 'http://127.0.0.1:1/v1', api_key: '${NOBODY_SET_THIS}' } },
      preset: 'successors',
    }),
  )
  return file
}

test('a live server is healthy, whatever address its configuration has it listen on', async (t) => {
  const { port, asked } = await startAdmin(t, 200)
  for (const host of ['127.0.0.1', '0.0.0.0']) {
    const io = capture()
    assert.equal(await runCli(['health', '--config', configWith(t, `${host}:${port}`)], io), 0)
    assert.equal(io.out(), '{"status":"said"}\n')
  }
  assert.equal(await runCli(['health', '--admin', `http://127.0.0.1:${port}/`, '--ready'], capture()), 0)
  assert.deepEqual(asked, ['/healthz', '/healthz', '/readyz'])
})

test('a server that says no or nothing is unhealthy, and stderr says why', async (t) => {
  const { port } = await startAdmin(t, 503)
  const unready = capture()
  assert.equal(await runCli(['health', '--admin', `http://127.0.0.1:${port}`, '--ready'], unready), 1)
  assert.deepEqual([unready.out(), unready.err()], ['', '{"status":"said"}\n'])
  const silent = capture()
  assert.equal(await runCli(['health', '--admin', 'http://127.0.0.1:1'], silent), 1)
  assert.match(silent.err(), /no answer from http:\/\/127\.0\.0\.1:1/)
})

test('a port chosen by the system is refused with a hint to pass --admin', async (t) => {
  const io = capture()
  assert.equal(await runCli(['health', '--config', configWith(t, '127.0.0.1:0')], io), 2)
  assert.match(io.err(), /--admin URL/)
})
