import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { askWhole } from '../support/client.ts'
import { openHouse } from '../support/house.ts'
import { chatBody, startWritten } from '../support/written-upstream.ts'

// Some gateways answer 200 with nothing but an error. It used to be passed on as an answer, without trying another target,
// and the whole bound was booked.
const error = (more: object) => JSON.stringify({ error: { message: 'Boom', param: null, ...more } }, null, 2)
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
for (const [how, send] of [
  [
    'compressed',
    (response: ServerResponse) =>
      response.setHeader('content-encoding', 'gzip').end(gzipSync(error({ code: 503 }))),
  ],
  [
    'in pieces',
    (response: ServerResponse) =>
      response.write('{\n', () => setTimeout(() => response.end(error({ code: 503 }).slice(2)), 20)),
  ],
] as const) {
  test(`an error sent with status 200 ${how} is an error`, async (t) => {
    const upstream = await startWritten(t, (response) => {
      send(response.setHeader('content-type', 'application/json'))
    })
    const house = await openHouse(t, { upstream: { base_url: upstream.baseUrl, retries: 0 } })
    const answer = await askWhole(house.chatUrl, { body: chatBody() })
    assert.deepEqual([answer.status, answer.text()], [503, error({ code: 503 })])
    const row = await house.row(answer.headers['x-request-id'])
    assert.deepEqual([row.outcome, row.usage_source, row.cost_nusd], ['upstream_error', 'none', 0])
  })
}
