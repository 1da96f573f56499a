import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { askWhole } from '../support/client.ts'
import { openHouse } from '../support/house.ts'

const TOKEN = 'an-admin-token-for-tests'
const server = { listen: '127.0.0.1:0', admin: '127.0.0.1:0', admin_token: TOKEN }
const house = await openHouse({ after }, { settings: { server } })

const POISONS = [
  '"__proto__":{"polluted":"yes"}',
  '"constructor":{"prototype":{"polluted":"yes"}}',
  '"__proto__":{"stream":true,"n":100,"max_tokens":1}',
] as const

function assertClean(): void {
  const fresh: Record<string, unknown> = {}
  assert.equal(fresh.polluted, undefined)
  assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false)
}

for (const poison of POISONS) {
  test(`a chat with ${poison} pollutes no prototype, is read without it, and goes upstream as it came`, async () => {
    const places = [
      `{${poison},"model":"trivium/pin:gpt-4o","messages":[{"role":"user","content":"Hello"}]}`,
      `{"model":"trivium/pin:gpt-4o","messages":[{"role":"user","content":"Hello",${poison}}]}`,
      `{"model":"trivium/pin:gpt-4o","messages":[{"role":"user","content":"Hello"}],"metadata":{${poison}}}`,
    ]
    for (const body of places) {
      const answer = await askWhole(house.chatUrl, { body })
      assertClean()
      assert.ok([200, 400].includes(answer.status), answer.text())
      // An inherited `stream` would have made it a stream.
      assert.doesNotMatch(String(answer.headers['content-type']), /event-stream/)
      if (answer.status === 200) assert.ok(String(house.simulator.calls.at(-1)?.body).includes(poison))
    }
  })

  test(`the admin API refuses a body with ${poison}`, async () => {
    const body = `{${poison},"budget":"team:research/total","usd":1,"until":"2036-01-01T00:00:00Z","reason":"x"}`
    const answer = await askWhole(`${house.adminUrl}/api/budgets/raises`, { key: TOKEN, body })
    assert.equal(answer.status, 400, answer.text())
    assertClean()
  })
}

test('names that every object inherits are unknown models and budgets like any other', async () => {
  for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
    const model = await askWhole(house.chatUrl, {
      body: { model: `trivium/pin:${name}`, messages: [{ role: 'user', content: 'Hello' }] },
    })
    assert.equal(model.status, 404, model.text())
    const budget = await askWhole(`${house.adminUrl}/api/budgets/raises`, {
      key: TOKEN,
      body: { budget: name, usd: 1, until: '2036-01-01T00:00:00Z', reason: 'x' },
    })
    assert.ok([400, 404].includes(budget.status))
  }
})
