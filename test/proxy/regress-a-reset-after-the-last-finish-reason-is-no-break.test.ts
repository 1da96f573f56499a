import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askWhole } from '../support/client.ts'
import { openHouse } from '../support/house.ts'
import { chatBody, frame, startWritten } from '../support/written-upstream.ts'

// Some servers close without `[DONE]`, or reset. Even if every choice had its finish reason, the client was
// told that the answer had broken off and paid again for its retry, and the target counted as failing.
const words = (index: number) => frame({ choices: [{ index, delta: { content: 'Hello' } }] })
// SGLang and some gateways write `""` where the vendor writes null, which passed for the end of the answer.
const empty = (index: number) =>
  frame({ choices: [{ index, delta: { content: 'Hello' }, finish_reason: '' }] })
const finish = (index: number) => frame({ choices: [{ index, delta: {}, finish_reason: 'stop' }] })

for (const [what, stream, outcome] of [
  ['after every finish reason is a complete answer', words(0) + words(1) + finish(0) + finish(1), 'ok'],
  ['before the last finish reason is a broken one', words(0) + words(1) + finish(0), 'broken'],
  ['while all finish reasons are empty is a broken one', empty(0) + empty(1), 'broken'],
] as const) {
  test(`a reset ${what}`, async (t) => {
    const upstream = await startWritten(t, (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(stream, () => response.socket?.resetAndDestroy())
    })
    const house = await openHouse(t, { upstream: { base_url: upstream.baseUrl } })
    const answer = await askWhole(house.chatUrl, { body: chatBody({ stream: true, n: 2 }) })
    assert.equal(await answer.ended, 'whole')
    assert.equal(answer.text() === stream, outcome === 'ok')
    assert.equal(answer.text().includes('"error"'), outcome === 'broken')
    const row = await house.row(answer.headers['x-request-id'])
    // The cost of a complete answer without usage is unknown. A broken one is counted.
    assert.deepEqual([row.outcome, row.usage_source], [outcome, outcome === 'ok' ? 'bound' : 'estimated'])
  })
}

// If the upstream ended the answer itself, all it wrote was seen, yet its bound used to be booked.
for (const [what, end] of [
  ['without `[DONE]`', ''],
  ['with it', 'data: [DONE]\n\n'],
] as const) {
  test(`an answer the upstream ended ${what} is counted by its words`, async (t) => {
    const upstream = await startWritten(t, (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.end(words(0) + finish(0) + end)
    })
    const house = await openHouse(t, { upstream: { base_url: upstream.baseUrl } })
    const answer = await askWhole(house.chatUrl, { body: chatBody({ stream: true }) })
    const row = await house.row(answer.headers['x-request-id'])
    assert.deepEqual([row.outcome, row.usage_source], ['ok', 'estimated'])
    assert.ok((row.cost_nusd ?? 0) < row.held_nusd / 10)
  })
}

// The reset counted as the end of a complete answer, and the failure before it for nothing.
test('a reset after the upstream said that it failed is a broken answer, told once', async (t) => {
  const events = ['created', 'failed'].map((type) => ({
    type: `response.${type}`,
    response: { id: 'resp_1', object: 'response', output: [], error: null },
  }))
  const stream = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')
  const upstream = await startWritten(t, (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(stream, () => response.socket?.end())
  })
  const house = await openHouse(t, { upstream: { base_url: upstream.baseUrl } })
  const body = { model: 'trivium/pin:gpt-4o', input: 'Hello', stream: true }
  const answer = await askWhole(`${house.baseUrl}/responses`, { body })
  assert.deepEqual([await answer.ended, answer.text()], ['whole', stream])
  const row = await house.row(answer.headers['x-request-id'])
  assert.deepEqual([row.outcome, row.error_code], ['broken', 'upstream_broken'])
})
