import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Fault } from '../../src/simulator/faults.ts'
import { askWhole, type RawAnswer } from '../support/client.ts'
import { type House, openHouse } from '../support/house.ts'

const BODY = {
  model: 'trivium/factual_recall',
  messages: [{ role: 'user', content: 'Who wrote Middlemarch?' }],
}
const ONLY = { ...BODY, model: 'trivium/pin:gpt-4o-mini' }

function send(house: House, body: object = BODY) {
  return askWhole(house.chatUrl, { body })
}

/** The models the upstream was asked for, in order. */
function asked(house: House): readonly string[] {
  return house.simulator.calls.map(({ parsed }) => String(Reflect.get(Object(parsed), 'model')))
}

function servedBy(answer: RawAnswer): readonly unknown[] {
  const { 'x-trivium-model': model, 'x-trivium-attempts': attempts } = answer.headers
  return [answer.status, model, attempts]
}

const TRANSIENT: readonly Fault[] = [
  { kind: 'status', code: 429, retry_after_ms: 1 },
  { kind: 'status', code: 500, retry_after_ms: 1 },
  { kind: 'status', code: 503, retry_after_ms: 1 },
  { kind: 'status', code: 529, retry_after_ms: 1 },
  { kind: 'reset', when: 'before_headers' },
]

for (const fault of TRANSIENT) {
  for (const stream of [false, true]) {
    test(`after one ${JSON.stringify(fault)} the same target is asked again and serves (stream: ${stream})`, async (t) => {
      const house = await openHouse(t)
      house.simulator.follow((_, { index }) => (index === 0 ? { fault } : undefined))
      const answer = await send(house, { ...BODY, stream })
      assert.deepEqual(servedBy(answer), [200, 'gpt-4o-mini', '2'])
      assert.deepEqual(asked(house), ['gpt-4o-mini', 'gpt-4o-mini'])
      const row = await house.row(answer.headers['x-request-id'])
      assert.deepEqual([row.outcome, row.attempts, row.target], ['ok', 2, 'gpt-4o-mini'])
      // A connection that broke after the request went out may have been billed, so its cost is never taken as zero.
      if (fault.kind === 'status') assert.equal(row.cost_nusd, house.simulator.billedNanoUsd())
      else assert.ok((row.cost_nusd ?? 0) > house.simulator.billedNanoUsd())
    })
  }
}

test('once a target’s retries are used up, the route’s next candidate serves', async (t) => {
  const house = await openHouse(t, { upstream: { retries: 1 } })
  house.simulator.follow(({ model }) =>
    model === 'gpt-4o-mini' ? { fault: { kind: 'status', code: 503, retry_after_ms: 1 } } : undefined,
  )
  const answer = await send(house)
  assert.deepEqual(servedBy(answer), [200, 'gpt-4o', '3'])
  assert.deepEqual(asked(house), ['gpt-4o-mini', 'gpt-4o-mini', 'gpt-4o'])
  const row = await house.row(answer.headers['x-request-id'])
  assert.deepEqual([row.target, row.cost_nusd], ['gpt-4o', house.simulator.billedNanoUsd()])
})

test('a retry-after longer than clients wait moves on to the next target', async (t) => {
  const house = await openHouse(t)
  house.simulator.follow(({ model }) =>
    model === 'gpt-4o-mini' ? { fault: { kind: 'status', code: 429, retry_after_ms: 20_000 } } : undefined,
  )
  assert.deepEqual(servedBy(await send(house)), [200, 'gpt-4o', '2'])
})

test('a model the upstream no longer has is not asked again, and the next one serves', async (t) => {
  const house = await openHouse(t)
  house.simulator.follow(({ model }) =>
    model === 'gpt-4o-mini' ? { fault: { kind: 'model_not_found' } } : undefined,
  )
  assert.deepEqual(servedBy(await send(house)), [200, 'gpt-4o', '2'])
  assert.deepEqual(servedBy(await send(house)), [200, 'gpt-4o', '1'])
  assert.deepEqual(asked(house), ['gpt-4o-mini', 'gpt-4o', 'gpt-4o'])
  const pinned = await send(house, ONLY)
  assert.equal(pinned.status, 404)
  assert.match(pinned.text(), /"code": "model_not_found"/)
})

test('a 400 is passed to the client word for word, and no other target is asked', async (t) => {
  const house = await openHouse(t)
  const answer = await send(house, { ...BODY, temperature: 9 })
  assert.deepEqual(servedBy(answer), [400, 'gpt-4o-mini', '1'])
  assert.match(answer.text(), /Expected a value <= 2|above maximum/)
  assert.equal(house.simulator.calls.length, 1)
  const row = await house.row(answer.headers['x-request-id'])
  assert.deepEqual([row.outcome, row.error_code, row.cost_nusd], ['upstream_error', 'upstream_400', 0])
})

test('if no target serves, the client gets the last upstream’s own error', async (t) => {
  const house = await openHouse(t, { upstream: { retries: 0 } })
  house.simulator.follow(() => ({ fault: { kind: 'status', code: 503 } }))
  const answer = await send(house)
  assert.deepEqual(servedBy(answer), [503, 'gpt-4o', '2'])
  assert.match(answer.text(), /currently overloaded/)
  assert.equal((await house.row(answer.headers['x-request-id'])).cost_nusd, 0)
})

test('five failures in a row open the circuit breaker, and the client is told how long to wait', async (t) => {
  const house = await openHouse(t, { upstream: { retries: 0 } })
  house.simulator.follow(() => ({ fault: { kind: 'status', code: 500 } }))
  for (let time = 0; time < 5; time += 1) assert.equal((await send(house, ONLY)).status, 500)
  const refused = await send(house, ONLY)
  assert.equal(refused.status, 503)
  assert.match(refused.text(), /"code": "upstream_unavailable"/)
  const waitMs = Number(refused.headers['retry-after-ms'])
  assert.ok(waitMs > 0 && waitMs <= 2000)
  assert.equal(house.simulator.calls.length, 5)
  house.simulator.follow(() => undefined)
  assert.deepEqual(servedBy(await send(house)), [200, 'gpt-4o', '1'])
})

for (const stream of [false, true]) {
  test(`answers that begin and break off count as failures too (stream: ${stream})`, async (t) => {
    const house = await openHouse(t)
    house.simulator.follow(() => ({ fault: { kind: 'reset', when: 'mid_stream' } }))
    for (let time = 0; time < 5; time += 1) {
      const { headers } = await send(house, { ...ONLY, stream })
      assert.equal((await house.row(headers['x-request-id'])).error_code, 'upstream_broken')
    }
    assert.match((await send(house, { ...ONLY, stream })).text(), /"code": "upstream_unavailable"/)
    assert.equal(house.simulator.calls.length, 5)
    house.simulator.follow(() => undefined)
    assert.deepEqual(servedBy(await send(house, { ...BODY, stream })), [200, 'gpt-4o', '1'])
  })
}
