import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { test } from 'node:test'
import { ask, askWhole } from '../support/client.ts'
import { openHouse } from '../support/house.ts'
import { chatBody } from '../support/written-upstream.ts'

/** One short limit at a time. The others keep their defaults and cannot be reached. */
const SOON = '120ms'

async function timedOut(answer: Awaited<ReturnType<typeof askWhole>>, phase: RegExp) {
  assert.equal(answer.status, 504)
  assert.match(answer.text(), /"code": "upstream_timeout"/)
  assert.match(answer.text(), phase)
}

test('connecting times out with an upstream that never completes its TLS handshake', async (t) => {
  const sockets: Socket[] = []
  const mute = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1')
  await once(mute, 'listening')
  t.after(() => {
    mute.close()
    for (const socket of sockets) socket.destroy()
  })
  const address = mute.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const upstream = { base_url: `https://127.0.0.1:${port}/v1`, retries: 0, timeouts: { connect: SOON } }
  const house = await openHouse(t, { upstream })
  const answer = await askWhole(house.chatUrl, { body: chatBody() })
  await timedOut(answer, /connecting took over 120 ms/)
  // Nothing was sent, so nothing was billed.
  assert.equal((await house.row(answer.headers['x-request-id'])).cost_nusd, 0)
})

for (const when of ['before_headers', 'after_headers'] as const) {
  test(`the first byte times out with an upstream that stalls ${when}`, async (t) => {
    const house = await openHouse(t, { upstream: { timeouts: { first_byte: SOON } } })
    house.simulator.follow(() => ({ fault: { kind: 'stall', when } }))
    const answer = await askWhole(house.chatUrl, { body: chatBody({ stream: true }) })
    await timedOut(answer, /the first byte took over 120 ms/)
    // A slow upstream is not asked again.
    assert.equal(answer.headers['x-trivium-attempts'], '1')
    await house.simulator.idle()
    assert.equal(house.simulator.calls[0]?.ending, 'client_left')
    const row = await house.row(answer.headers['x-request-id'])
    assert.deepEqual(
      [row.outcome, row.usage_source, row.cost_nusd],
      ['upstream_error', 'bound', row.held_nusd],
    )
  })
}

test('a pause in a non-streamed answer times out', async (t) => {
  const house = await openHouse(t, { upstream: { timeouts: { idle: SOON } } })
  house.simulator.follow(() => ({ fault: { kind: 'stall', when: 'mid_stream' } }))
  await timedOut(
    await askWhole(house.chatUrl, { body: chatBody() }),
    /a pause in the answer took over 120 ms/,
  )
})

test('a stream that never pauses for long and never ends is cut at the total limit', async (t) => {
  const house = await openHouse(t, { upstream: { timeouts: { total: '600ms' } } })
  house.simulator.follow(() => ({ answer: 'on and on '.repeat(1000), fault: { kind: 'drip', ms: 20 } }))
  const answer = await ask(house.chatUrl, { body: chatBody({ stream: true }) })
  assert.equal(await answer.ended, 'whole')
  assert.match(answer.text(), /the whole answer took over 600 ms/)
  assert.equal((await house.row(answer.headers['x-request-id'])).error_code, 'upstream_timeout')
})
