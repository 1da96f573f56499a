import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { chatHead, speak } from '../security/raw.ts'
import { ask, askWhole, type RawAnswer } from '../support/client.ts'
import { eventually } from '../support/eventually.ts'
import { KEY, openHouse } from '../support/house.ts'
import { clientOf } from '../support/openai-majors.ts'
import { chatBody, startWritten } from '../support/written-upstream.ts'

const house = await openHouse({ after })

/** Milliseconds between the client leaving and the upstream noticing, in the best of a few runs. */
const AT_ONCE_MS = 100

function bodyFor(model: string, wish: string, stream = true) {
  const content = `What is the capital of Australia? [[sim:${wish}]]`
  return { model: `trivium/pin:${model}`, messages: [{ role: 'user' as const, content }], stream }
}

/** When the upstream saw its newest request aborted. Waits for that. */
function lastAbort(): Promise<number> {
  return eventually(() => house.simulator.calls.at(-1)?.abortedAt)
}

for (const [model, source] of [
  ['gpt-4o', 'estimated'],
  ['o1-mini', 'bound'],
] as const) {
  test(`${model}: leaving in the middle of a stream aborts the upstream, and the cost is ${source}`, async () => {
    let answer: RawAnswer | undefined
    const delays: number[] = []
    for (let time = 0; time < 3; time += 1) {
      answer = await ask(house.chatUrl, { body: bodyFor(model, 'stall when=mid_stream') })
      await answer.until('"content":""')
      const leftAt = performance.now()
      answer.abort()
      delays.push((await lastAbort()) - leftAt)
    }
    assert.ok(Math.min(...delays) < AT_ONCE_MS, `${delays} ms`)
    const row = await house.row(answer?.headers['x-request-id'])
    assert.deepEqual([row.outcome, row.usage_source, row.status], ['client_left', source, 499])
    assert.equal(row.cost_nusd === row.held_nusd, source === 'bound')
    assert.ok(
      (row.cost_nusd ?? 0) >= (house.simulator.calls.at(-1)?.billedNanoUsd ?? Number.POSITIVE_INFINITY),
    )
  })
}

for (const [wish, stream] of [
  ['stall when=before_headers', true],
  ['stall when=before_headers', false],
  ['stall when=after_headers', true],
  ['stall when=mid_stream', false],
] as const) {
  test(`leaving before any of the answer has come aborts the upstream too (${wish}, stream: ${stream})`, async () => {
    const calls = house.simulator.calls.length
    const leaving = new AbortController()
    const { signal } = leaving
    const body = { ...bodyFor('gpt-4o', wish), stream }
    const asking = clientOf(house.baseUrl).post('/chat/completions', { body, signal })
    await eventually(() => house.simulator.calls[calls])
    leaving.abort()
    await assert.rejects(asking)
    await lastAbort()
    const row = await eventually(() => house.rows().at(-1))
    assert.equal((await house.row(row.id)).outcome, 'client_left')
  })
}

test('a client that half-closes its connection is treated as gone', async (t) => {
  const body = JSON.stringify(bodyFor('gpt-4o', 'stall when=before_headers', false))
  const { text } = await speak(t, house.baseUrl, chatHead(`content-length: ${body.length}`) + body)
  assert.equal(text, '')
  await lastAbort()
  const row = await eventually(() => house.rows().at(-1))
  assert.equal((await house.row(row.id)).outcome, 'client_left')
})

test('a client that leaves during the wait before a retry cancels the retry', async () => {
  const calls = house.simulator.calls.length
  const leaving = new AbortController()
  const body = bodyFor('gpt-4o', 'status code=503 retry_after_ms=2000')
  const asking = clientOf(house.baseUrl).post('/chat/completions', { body, signal: leaving.signal })
  await eventually(() => house.simulator.calls[calls]?.endedAt)
  // An answer that comes after the 503 shows that the 503 has been read.
  await askWhole(`${house.baseUrl}/models`, { method: 'GET' })
  leaving.abort()
  await assert.rejects(asking)
  const row = await eventually(() => house.rows().at(-1))
  const { outcome, attempts, cost_nusd } = await house.row(row.id)
  assert.deepEqual([outcome, attempts, cost_nusd], ['client_left', 1, 0])
  assert.equal(house.simulator.calls.length, calls + 1)
})

// Its slot and its money used to wait for a retry that nobody wanted any more.
test('a client that leaves while an error is being read waits for no retry', async (t) => {
  const begun = Promise.withResolvers<void>()
  const upstream = await startWritten(t, (response) => {
    response.writeHead(503, { 'content-type': 'application/json', 'retry-after-ms': '2000' })
    response.write('{"error":', () => begun.resolve())
  })
  const house = await openHouse(t, { upstream: { base_url: upstream.baseUrl } })
  const leaving = new AbortController()
  const asked = fetch(house.chatUrl, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify(chatBody()),
    signal: leaving.signal,
  }).catch(() => undefined)
  await begun.promise
  await setTimeout(50)
  leaving.abort()
  await asked
  const row = await eventually(() => house.rows().find(({ outcome }) => outcome !== null))
  assert.deepEqual([row.outcome, row.attempts], ['client_left', 1])
  assert.ok(Number(row.ms_total) < 1_500, `${row.ms_total} ms`)
})
