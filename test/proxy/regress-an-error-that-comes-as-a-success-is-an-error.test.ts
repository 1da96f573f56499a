import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { askWhole } from '../support/client.ts'
import { openHouse } from '../support/house.ts'
import { chatBody, startWritten } from '../support/written-upstream.ts'

// Some gateways answer 200 with nothing but an error. It used to be passed on as an answer, without trying
// another target, and the whole bound was booked.
const error = (more: object) => JSON.stringify({ error: { message: 'Boom', param: null, ...more } }, null, 2)
const JSON_TYPE = 'application/json'
const ANSWER = JSON.stringify({
  error: { message: 'a warning' },
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 },
})

for (const stream of [false, true]) {
  for (const [said, status, asked] of [
    [error({ type: 'server_error', code: null }), 502, 2],
    [error({ code: 503 }), 503, 2],
    [error({ type: 'invalid_request_error', code: null }), 400, 1],
  ] as const) {
    test(`an error sent with status 200 becomes an unpaid ${status} (stream: ${stream})`, async (t) => {
      const upstream = await startWritten(t, (response) => {
        response.writeHead(200, { 'content-type': 'application/json' }).end(said)
      })
      const house = await openHouse(t, { upstream: { base_url: upstream.baseUrl, retries: 1 } })
      const answer = await askWhole(house.chatUrl, {
        body: chatBody({ model: 'trivium/pin:gpt-4o', stream }),
      })
      assert.deepEqual([answer.status, answer.text(), upstream.count], [status, said, asked])
      const row = await house.row(answer.headers['x-request-id'])
      assert.deepEqual(
        [row.outcome, row.error_code, row.usage_source, row.cost_nusd],
        ['upstream_error', `upstream_${status}`, 'none', 0],
      )
    })
  }
}

test('an error sent with status 200 is retried', async (t) => {
  const upstream = await startWritten(t, (response, index) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(index === 0 ? error({ code: 500 }) : ANSWER)
  })
  const house = await openHouse(t, { upstream: { base_url: upstream.baseUrl } })
  const answer = await askWhole(house.chatUrl, { body: chatBody() })
  assert.deepEqual([answer.status, answer.text()], [200, ANSWER])
  const row = await house.row(answer.headers['x-request-id'])
  assert.deepEqual([row.attempts, row.usage_source], [2, 'reported'])
})

// Its first bytes are judged, and these say nothing. The client got a 200, and paid the bound.
for (const [how, type, send] of [
  [
    'compressed',
    JSON_TYPE,
    (response: ServerResponse) =>
      response.setHeader('content-encoding', 'gzip').end(gzipSync(error({ code: 503 }))),
  ],
  [
    'compressed, without a type',
    undefined,
    (response: ServerResponse) =>
      response.setHeader('content-encoding', 'gzip').end(gzipSync(error({ code: 503 }))),
  ],
  [
    'in pieces',
    JSON_TYPE,
    (response: ServerResponse) =>
      response.write('{\n', () => setTimeout(() => response.end(error({ code: 503 }).slice(2)), 20)),
  ],
  [
    'behind a byte order mark',
    'text/plain',
    (response: ServerResponse) => response.end(`\ufeff${error({ code: 503 })}`),
  ],
] as const) {
  test(`an error sent with status 200 ${how} is an error`, async (t) => {
    const upstream = await startWritten(t, (response) => {
      if (type !== undefined) response.setHeader('content-type', type)
      send(response)
    })
    const house = await openHouse(t, { upstream: { base_url: upstream.baseUrl, retries: 0 } })
    const answer = await askWhole(house.chatUrl, { body: chatBody() })
    assert.deepEqual([answer.status, answer.text().replace('\ufeff', '')], [503, error({ code: 503 })])
    const row = await house.row(answer.headers['x-request-id'])
    assert.deepEqual([row.outcome, row.usage_source, row.cost_nusd], ['upstream_error', 'none', 0])
  })
}

// A compressed one used to be asked for again, at another bound, and a plain one not.
for (const encoding of ['gzip', 'identity'] as const) {
  test(`an answer that breaks off is paid for once, and not asked for again (${encoding})`, async (t) => {
    const upstream = await startWritten(t, (response) => {
      response.writeHead(200, { 'content-type': JSON_TYPE, 'content-encoding': encoding })
      const packed = encoding === 'gzip' ? gzipSync(ANSWER) : Buffer.from(ANSWER)
      response.write(packed.subarray(0, 60), () => setTimeout(() => response.destroy(), 50))
    })
    const house = await openHouse(t, { upstream: { base_url: upstream.baseUrl, retries: 2 } })
    const answer = await askWhole(house.chatUrl, { body: chatBody({ max_tokens: 100 }) })
    assert.deepEqual([answer.status, upstream.count], [502, 1])
    const row = await house.row(answer.headers['x-request-id'])
    assert.deepEqual([row.outcome, row.attempts, row.usage_source], ['upstream_error', 1, 'bound'])
    assert.equal(row.cost_nusd, row.held_nusd)
  })
}
