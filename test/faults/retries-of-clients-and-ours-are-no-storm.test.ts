import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from '../support/eventually.ts'
import { type House, openHouse } from '../support/house.ts'
import { MAJORS } from '../support/openai-majors.ts'

// Clients try three times by themselves, and so does the proxy: nine calls each, on every target, at the
// worst moment.

const CLIENTS = 40

/** Many programs at once, each with a client in its default setup, which retries twice. */
function askAll(house: House, model: string): Promise<readonly PromiseSettledResult<unknown>[]> {
  return Promise.allSettled(
    Array.from({ length: CLIENTS }, (_, index) => {
      const { Client } = MAJORS[index % MAJORS.length] ?? assert.fail()
      const client = new Client({ baseURL: house.baseUrl, apiKey: 'sk-test' })
      const content = `What is the capital of Australia? (${index})`
      return client.chat.completions.create({ model, messages: [{ role: 'user', content }] })
    }),
  )
}

for (const [model, targets] of [
  ['trivium/pin:gpt-4o-mini', 1],
  ['trivium/factual_recall', 2],
] as const) {
  test(`an upstream that is down gets few more calls than there are clients (${targets} targets)`, async (t) => {
    const house = await openHouse(t)
    house.simulator.follow(() => ({ fault: { kind: 'status', code: 503 } }))
    const answers = await askAll(house, model)
    assert.ok(answers.every(({ status }) => status === 'rejected'))
    const { length } = house.simulator.calls
    t.diagnostic(`${length} calls; every attempt of everybody's would be ${9 * targets * CLIENTS}`)
    // At most one call each, plus the initial retry budget and the trial requests of the circuit breaker.
    assert.ok(length < 1.5 * targets * CLIENTS, `${length} calls`)
  })
}

for (const { name, Client } of MAJORS) {
  test(`${name}: a client’s own retry is not retried by the proxy`, async (t) => {
    const house = await openHouse(t, { upstream: { retries: 1 } })
    house.simulator.follow(() => ({ fault: { kind: 'status', code: 503, retry_after_ms: 1 } }))
    const client = new Client({ baseURL: house.baseUrl, apiKey: 'sk-test' })
    const asked = client.chat.completions.create({
      model: 'trivium/pin:gpt-4o-mini',
      messages: [{ role: 'user', content: 'Hello' }],
    })
    await assert.rejects(asked, Client.InternalServerError)
    const rows = await eventually(() => {
      const closed = house.rows().filter(({ outcome }) => outcome !== null)
      return closed.length === 3 ? closed : undefined
    })
    assert.deepEqual(
      rows.map(({ attempts }) => attempts),
      [2, 1, 1],
    )
    assert.equal(house.simulator.calls.length, 4)
  })
}
