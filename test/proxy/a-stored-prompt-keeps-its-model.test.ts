import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { askWhole } from '../support/client.ts'
import { KEY, keyEntry, openHouse } from '../support/house.ts'

// The template names its model. A request without a model used to be routed by its class, which put o1-mini
// in its place.
const keys = (key: string) => ({ keys: [keyEntry(key)] })
const house = await openHouse(
  { after },
  {
    settings: {
      teams: {
        free: keys(KEY),
        paying: { ...keys('sk-paying'), budgets: [{ usd: 10, per: 'day' }] },
        listed: { ...keys('sk-listed'), models: ['gpt-4o'] },
      },
    },
  },
)
const BODY = { prompt: { id: 'pmpt_1' }, input: 'Prove that the square root of two is irrational.' }

for (const path of ['/responses', '/responses/input_tokens']) {
  const ask = (model: object, key = KEY) =>
    askWhole(house.baseUrl + path, { key, body: { ...model, ...BODY } })

  test(`${path} passes a request that names no model on without one`, async () => {
    for (const model of [{}, { model: 'auto' }]) {
      assert.equal((await ask(model)).status, 200)
      assert.deepEqual(house.simulator.calls.at(-1)?.parsed, BODY)
    }
    assert.equal((await ask({ model: 'trivium/pin:o1-mini' })).status, 200)
    assert.deepEqual(house.simulator.calls.at(-1)?.parsed, { model: 'o1-mini', ...BODY })
  })

  test(`${path} requires a model if a budget or an allowlist depends on it`, async () => {
    for (const key of ['sk-paying', 'sk-listed']) {
      house.simulator.reset()
      const answer = await ask({}, key)
      assert.equal(answer.status, 400)
      assert.match(answer.text(), /"param": "model"/)
      assert.equal(house.simulator.calls.length, 0)
      assert.equal((await ask({ model: 'trivium/pin:gpt-4o' }, key)).status, 200)
    }
  })
}
