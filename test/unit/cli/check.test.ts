import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { type TestContext, test } from 'node:test'
import { check } from '../../../src/cli/check.ts'
import { UsageError } from '../../../src/cli/command.ts'
import { askModels } from '../../../src/upstream/model-list.ts'
import type { UpstreamSettings } from '../../../src/upstream/settings.ts'
import { sample, write } from '../config/sample.ts'
import { capture } from './capture.ts'

/** An upstream that answers every request with `body`, and its base URL. */
async function upstream(t: TestContext, status: number, body: unknown) {
  const seen: { url: string | undefined; authorization: string | undefined }[] = []
  const server = createServer((request, response) => {
    seen.push({ url: request.url, authorization: request.headers.authorization })
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const bound = server.address()
  const port = typeof bound === 'object' ? bound?.port : undefined
  return { url: `http://127.0.0.1:${port}/v1`, seen }
}

const list = (...models: readonly object[]) => ({ object: 'list', data: models })
const routed = ['o1-mini', 'gpt-4o', 'gpt-4o-mini'].map((id) => ({ id, object: 'model' }))

function configFor(t: TestContext, url: string, more = ''): string {
  return write(t, sample(more).replace('http://127.0.0.1:9/v1', url))
}

test('reports a valid configuration and a reachable upstream', async (t) => {
  const { url, seen } = await upstream(t, 200, list(...routed))
  const io = capture()
  assert.equal(await check.run(['--config', configFor(t, url)], io), 0)
  assert.match(io.out(), /: valid \(\d+ models, 0 teams, 0 keys\)$/m)
  assert.match(io.out(), /^upstream openai: answers in \d+ ms, models listed: 3$/m)
  assert.deepEqual(seen, [{ url: '/v1/models', authorization: 'Bearer secret' }])
})

test('warns of models the upstream does not list, and of shutdown dates the catalogue lacks', async (t) => {
  const models = list(
    { id: 'gpt-4o', shutdown_date: '2027-01-14' },
    { id: 'gpt-4o-mini', shutdown_date: Date.UTC(2099, 1, 1) / 1000 },
  )
  const { url } = await upstream(t, 200, models)
  const io = capture()
  assert.equal(await check.run(['--config', configFor(t, url)], io), 0)
  assert.match(io.out(), /routes\.stem_reasoning\[0\]: upstream openai does not list o1-mini$/m)
  assert.match(io.out(), /will shut gpt-4o-mini down on 2099-02-01; the catalogue has 2027-01-14$/m)
  assert.doesNotMatch(io.out(), /will shut gpt-4o down/)
})

test('tells shutdown days that have passed from those to come, and who says otherwise', async (t) => {
  const past = { shutdown_date: '2024-01-15' }
  const { url } = await upstream(t, 200, list(...routed.map((model) => ({ ...model, ...past }))))
  const more = 'models: { o1-mini: { shutdown: never }, gpt-4o: { shutdown: 2027-05-01 } }'
  const io = capture()
  assert.equal(await check.run(['--config', configFor(t, url, more)], io), 0)
  const says = (model: string) => `upstream openai says that it shut ${model} down on 2024-01-15`
  assert.ok(io.out().includes(`${says('o1-mini')}; the configuration says never, which counts\n`))
  assert.ok(io.out().includes(`${says('gpt-4o')}; the configuration has 2027-05-01\n`))
  assert.ok(io.out().includes(`${says('gpt-4o-mini')}; the catalogue has 2027-01-14\n`))
  assert.doesNotMatch(io.out(), /will shut/)
})

test('exits with 1 when an upstream is down, rejects its key or fails', async (t) => {
  const down = capture()
  assert.equal(await check.run(['--config', write(t, sample())], down), 1)
  assert.match(down.out(), /^upstream openai: FAILS, unreachable: /m)
  for (const [status, said] of [
    [401, /rejects the key \(status 401\)/],
    [503, /answers with status 503/],
  ] as const) {
    const { url } = await upstream(t, status, {})
    const io = capture()
    assert.equal(await check.run(['--config', configFor(t, url)], io), 1)
    assert.match(io.out(), said)
    assert.ok(!io.out().includes('secret'))
  }
})

test('contacts no upstream when offline', async (t) => {
  const { url, seen } = await upstream(t, 200, list())
  assert.equal(await check.run(['--offline', '--config', configFor(t, url)], capture()), 0)
  assert.deepEqual(seen, [])
})

test('treats an upstream without a model list as reachable', async (t) => {
  const { url } = await upstream(t, 404, { error: 'no such page' })
  const io = capture()
  assert.equal(await check.run(['--config', configFor(t, url)], io), 0)
  assert.match(io.out(), /answers in \d+ ms, but lists no models/)
})

test('gives up on an upstream that does not answer', async (t) => {
  const server = createServer(() => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.closeAllConnections())
  t.after(() => server.close())
  const bound = server.address()
  const settings: UpstreamSettings = {
    name: 'silent',
    baseUrl: `http://127.0.0.1:${typeof bound === 'object' ? bound?.port : ''}`,
    apiKey: undefined,
    kind: 'openai',
    apiVersion: undefined,
    deployments: {},
    timeouts: { connect: 1, firstByte: 1, idle: 1, total: 1 },
    retries: 0,
  }
  assert.equal((await askModels(settings, 50)).detail, 'unreachable: no answer within 50 ms')
})

test('prints one JSON object, whether the configuration is valid or not', async (t) => {
  const right = capture()
  assert.equal(await check.run(['--json', '--offline', '--config', write(t, sample())], right), 0)
  const report = JSON.parse(right.out())
  assert.equal(report.ok, true)
  assert.ok(report.warnings.some((line: string) => line.includes('no teams')))
  const wrong = capture()
  assert.equal(await check.run(['--json', '--config', write(t, sample('logg: 1'))], wrong), 2)
  assert.match(JSON.parse(wrong.out()).errors[0], /:7: logg: unknown key; did you mean "log"\?$/)
})

test('refuses an invalid configuration with each problem on its own line', async (t) => {
  const config = write(t, sample('logg: 1\nstor: 2\n'))
  await assert.rejects(
    check.run(['--config', config], capture()),
    (error) => error instanceof UsageError && error.message.split('\n').length === 2,
  )
})

test('also refuses a configuration whose rules cannot be read', async (t) => {
  const config = write(t, sample('classifier: { rules: none.yaml }'))
  await assert.rejects(check.run(['--config', config], capture()), /none\.yaml/)
})

test('prints the schema for editors', async () => {
  const io = capture()
  assert.equal(await check.run(['--print-schema'], io), 0)
  assert.equal(JSON.parse(io.out()).title, 'Trivium configuration')
})
