import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type TestContext, test } from 'node:test'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { ask } from '../support/client.ts'
import { eventually } from '../support/eventually.ts'
import { openHouse } from '../support/house.ts'
import { chatBody, frame, startWritten } from '../support/written-upstream.ts'

// A client that stopped reading and then hung up used to pay for half of what the upstream had written. When
// the client stops reading, so does the proxy, and the rest lay in kernel buffers and was discarded with the
// connection.
const CHOICES = 4
const NANO_USD_PER_TOKEN = 10_000
/** As many as the model's maximum output allows. */
const MOST_TOKENS = CHOICES * 16_384

/** An upstream that writes `tokens` tokens, a frame each, as fast as its connection takes them, then falls silent. */
async function openFlood(t: TestContext, tokens: number) {
  const flood = { written: 0, closedAt: 0 }
  const padding = 'p'.repeat(800)
  const upstream = await startWritten(t, async (response) => {
    flood.written = 0
    flood.closedAt = 0
    const closed = new AbortController()
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.once('close', () => {
      flood.closedAt = performance.now()
      closed.abort()
    })
    while (flood.written < tokens && !closed.signal.aborted) {
      const choices = [{ index: flood.written % CHOICES, delta: { content: ' word' }, finish_reason: null }]
      flood.written += 1
      const isTaken = response.write(frame({ choices, obfuscation: padding }))
      if (!isTaken) await once(response, 'drain', { signal: closed.signal }).catch(() => undefined)
      else if (flood.written % 100 === 0) await setImmediate()
    }
  })
  const house = await openHouse(t, { upstream: { base_url: upstream.baseUrl } })
  return { flood, house }
}

/** Waits until it has not written for a while: it is done, or every buffer on the way is full. */
async function stopsWriting(flood: { readonly written: number }): Promise<void> {
  for (let before = -1; before !== flood.written; ) {
    before = flood.written
    await setTimeout(200)
  }
}

/**
 * On a busy machine the rest of an answer may not arrive in time. Then it costs the bound, and the test tries
 * again.
 */
const MOST_TIMES = 15

for (const [what, tokens, source] of [
  // Eight megabytes: more than the buffers hold.
  ['a part of which was still on its way', 9_000, 'estimated'],
  // It cannot be drained to its end, so nobody knows how much was still in transit.
  ['without end', Number.POSITIVE_INFINITY, 'bound'],
] as const) {
  test(`a client that stops reading and leaves pays for an answer ${what}`, async (t) => {
    const { flood, house } = await openFlood(t, tokens)
    const sources: unknown[] = []
    const waits: number[] = []
    for (let time = 1; time <= MOST_TIMES && !sources.includes(source); time += 1) {
      const answer = await ask(house.chatUrl, { body: chatBody({ stream: true, n: CHOICES }) })
      answer.pause()
      await stopsWriting(flood)
      const { written } = flood
      const leftAt = performance.now()
      answer.abort()
      waits.push((await eventually(() => flood.closedAt || undefined)) - leftAt)
      const row = await house.row(answer.headers['x-request-id'])
      assert.equal(row.outcome, 'client_left')
      sources.push(row.usage_source)
      const paid = (row.cost_nusd ?? 0) / NANO_USD_PER_TOKEN
      assert.ok(paid >= Math.min(written, MOST_TOKENS), `${paid} of ${written} tokens`)
    }
    assert.ok(sources.includes(source), `${sources}`)
    // However much there is, the upstream is told to stop.
    assert.ok(Math.min(...waits) < 1_000, `${waits} ms`)
  })
}
