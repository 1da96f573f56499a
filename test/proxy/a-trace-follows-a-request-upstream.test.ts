import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { compose } from '../../src/compose.ts'
import { askWhole } from '../support/client.ts'
import { openCollector, type SeenSpan } from '../support/collector.ts'
import { type HouseOptions, prepareHouse } from '../support/house.ts'
import { listening, startServe } from '../support/served-process.ts'

const CALLER = { trace: '4bf92f3577b34da6a3ce929d0e0e4736', span: '00f067aa0ba902b7' }
const SECRET = 'the-unlikely-zarzuela'

const chat = (more: object = {}) => ({
  model: 'trivium/factual_recall',
  messages: [{ role: 'user', content: `Who wrote ${SECRET}?` }],
  ...more,
})

/** A traced proxy. `close` shuts it down, which exports its spans. */
async function openTraced(t: TestContext, options: HouseOptions = {}, tracing: object = {}) {
  const collector = await openCollector(t)
  const settings = { tracing: { endpoint: collector.url, ...tracing } }
  const house = await prepareHouse({ ...options, settings })
  const trivium = await compose({ config: house.config, env: {} })
  let closed = false
  const close = async () => {
    if (closed) return
    closed = true
    await trivium.close()
    await house.close()
  }
  t.after(close)
  return { collector, house, close, url: `${trivium.dataUrl}/v1/chat/completions` }
}

function named(spans: readonly SeenSpan[], name: string): readonly SeenSpan[] {
  return spans.filter((span) => span.name === name)
}

test('the collector gets the request, its stages and every attempt, by the GenAI conventions', async (t) => {
  const { collector, house, close, url } = await openTraced(t, { upstream: { retries: 0 } })
  house.simulator.follow(({ model }) =>
    model === 'gpt-4o-mini' ? { fault: { kind: 'status', code: 503, retry_after_ms: 1 } } : undefined,
  )
  const headers = { traceparent: `00-${CALLER.trace}-${CALLER.span}-01`, tracestate: 'vendor=1' }
  const answer = await askWhole(url, { body: chat({ stream: true }), headers })
  const heard = house.simulator.calls.map((call) => call.headers)
  await close()
  const { spans } = collector
  assert.ok(spans.every(({ traceId }) => traceId === CALLER.trace))
  const [request, ...others] = named(spans, 'POST chat')
  assert.ok(request !== undefined && others.length === 0)
  assert.deepEqual([request.kind, request.parentSpanId], [2, CALLER.span])
  assert.equal(request.attributes['http.request.method'], 'POST')
  assert.deepEqual(
    [request.attributes['url.scheme'], request.attributes['url.path']],
    ['http', '/chat/completions'],
  )
  assert.equal(request.attributes['http.response.status_code'], 200)
  assert.equal(request.attributes['trivium.request.id'], answer.headers['x-request-id'])
  assert.equal(request.attributes['trivium.team'], 'research')
  assert.equal(request.attributes['trivium.outcome'], 'ok')
  const children = spans.filter((span) => span !== request)
  assert.ok(children.every(({ parentSpanId }) => parentSpanId === request.spanId))
  assert.deepEqual(children.map(({ name }) => name).sort(), [
    'chat gpt-4o',
    'chat gpt-4o-mini',
    'classify',
    'decide',
    'relay',
    'reserve',
  ])
  const [failed] = named(spans, 'chat gpt-4o-mini')
  const [answered] = named(spans, 'chat gpt-4o')
  assert.deepEqual([failed?.kind, failed?.status.code, failed?.attributes['error.type']], [3, 2, 'failed'])
  assert.equal(answered?.kind, 3)
  const { usage } = house.simulator.calls[1] ?? {}
  const { hostname, port } = new URL(house.simulator.baseUrl)
  const { 'gen_ai.response.time_to_first_chunk': seconds, ...told } = answered?.attributes ?? {}
  assert.ok(typeof seconds === 'number' && seconds > 0)
  assert.deepEqual(told, {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'gpt-4o',
    'gen_ai.request.stream': true,
    'gen_ai.response.model': told['gen_ai.response.model'],
    'gen_ai.usage.input_tokens': usage?.prompt,
    'gen_ai.usage.output_tokens': usage?.completion,
    'gen_ai.usage.cache_read.input_tokens': 0,
    'gen_ai.usage.reasoning.output_tokens': 0,
    'server.address': hostname,
    'server.port': Number(port),
    'http.request.resend_count': 1,
    'trivium.upstream': 'openai',
  })
  assert.match(String(told['gen_ai.response.model']), /^gpt-4o/)
  assert.deepEqual(
    heard.map(({ traceparent, tracestate }) => [traceparent, tracestate]),
    [failed, answered].map((span) => [`00-${CALLER.trace}-${span?.spanId}-01`, 'vendor=1']),
  )
  for (const { startTimeUnixNano, endTimeUnixNano } of children) {
    assert.ok(startTimeUnixNano >= request.startTimeUnixNano && endTimeUnixNano <= request.endTimeUnixNano)
  }
  assert.equal(collector.resources[0]?.['service.name'], 'trivium')
  assert.ok(!JSON.stringify(spans, (_, value) => String(value)).includes(SECRET))
})

test('refused and forwarded requests are traced too', async (t) => {
  const { collector, close, url } = await openTraced(t)
  await askWhole(url, { body: chat(), key: 'sk-nobody' })
  const embeddings = url.replace('chat/completions', 'embeddings')
  await askWhole(embeddings, { body: { model: 'text-embedding-3-small', input: SECRET } })
  await close()
  const [refused] = named(collector.spans, 'POST chat')
  assert.equal(refused?.attributes['error.type'], 'invalid_api_key')
  assert.equal(refused?.status.code ?? 0, 0)
  const [forwarded] = named(collector.spans, 'POST embeddings')
  const attempt = collector.spans.find(({ kind }) => kind === 3)
  assert.equal(attempt?.attributes['gen_ai.operation.name'], 'embeddings')
  assert.equal(attempt?.parentSpanId, forwarded?.spanId)
})

test('requests that are not sampled are not traced, and upstreams are told so', async (t) => {
  const { collector, house, close, url } = await openTraced(t, {}, { sample: 0 })
  await askWhole(url, { body: chat(), headers: { traceparent: `00-${CALLER.trace}-${CALLER.span}-00` } })
  await askWhole(url, { body: chat(), headers: { traceparent: 'nonsense' } })
  const heard = house.simulator.calls.map(({ headers }) => String(headers.traceparent))
  await close()
  assert.deepEqual(collector.spans, [])
  assert.match(heard[0] ?? '', new RegExp(`^00-${CALLER.trace}-[0-9a-f]{16}-00$`))
  assert.match(heard[1] ?? '', /^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/)
})

test('an unreachable collector fails no request', async (t) => {
  const { close, url } = await openTraced(t, {}, { endpoint: 'http://127.0.0.1:9' })
  for (let time = 0; time < 3; time += 1) assert.equal((await askWhole(url, { body: chat() })).status, 200)
  await close()
})

/**
 * Reports which tracing modules a program loads. The bare API, which does nothing by itself, comes with
 * prom-client.
 */
const WITNESS = `import { registerHooks } from 'node:module'
registerHooks({
  load(url, context, next) {
    if (/@opentelemetry\\/(?!api\\/)|telemetry\\/tracing\\//.test(url)) process.stderr.write('loaded ' + url + '\\n')
    return next(url, context)
  },
})
`

for (const isOn of [false, true]) {
  test(`tracing modules are loaded only if tracing is on (${isOn})`, async (t) => {
    const collector = await openCollector(t)
    const house = await prepareHouse(isOn ? { settings: { tracing: { endpoint: collector.url } } } : {})
    t.after(() => house.close())
    const witness = join(dirname(house.config), 'witness.mjs')
    writeFileSync(witness, WITNESS)
    const served = startServe(t, ['--config', house.config], {
      NODE_OPTIONS: `--import=${pathToFileURL(witness).href}`,
    })
    const traceparent = `00-${CALLER.trace}-${CALLER.span}-01`
    const url = `${await listening(served)}/chat/completions`
    await askWhole(url, { body: chat(), headers: { traceparent } })
    served.child.kill('SIGTERM')
    await served.exited
    assert.equal(/loaded .*@opentelemetry/.test(served.printed.stderr), isOn)
    assert.equal(/loaded .*telemetry\/tracing\//.test(served.printed.stderr), isOn)
    assert.equal(collector.spans.length > 0, isOn)
    // Without tracing the client's own traceparent goes upstream unchanged.
    const told = house.simulator.calls[0]?.headers.traceparent
    assert.equal(told === traceparent, !isOn)
  })
}
