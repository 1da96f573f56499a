import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askWhole } from '../support/client.ts'
import { openHouse } from '../support/house.ts'
import { chatBody } from '../support/written-upstream.ts'

// A budget or token limit without room for the preferred model used to refuse the request, although the route's next
// model would have fitted many times over.
const long = { messages: [{ role: 'user', content: 'word '.repeat(22_000) }], max_tokens: 50 }
const image = { type: 'image_url', image_url: { url: 'https://example.com/a.png' } }
const pictured = {
  messages: [{ role: 'user', content: [{ type: 'text', text: 'What is it?' }, image] }],
  max_tokens: 50,
}

test('a budget without room for the preferred model falls to the next that fits', async (t) => {
  const house = await openHouse(t, { team: { budgets: [{ usd: 0.25, per: 'day' }] } })
  const answer = await askWhole(house.chatUrl, {
    body: chatBody({ model: 'trivium/language_heavy', ...long }),
  })
  assert.equal(answer.status, 200, answer.text())
  assert.equal(answer.headers['x-trivium-model'], 'gpt-4o-mini')
  const { target, attempts, cost_nusd, held_nusd } = await house.row(answer.headers['x-request-id'])
  assert.deepEqual([target, attempts], ['gpt-4o-mini', 1])
  assert.ok((cost_nusd ?? Number.POSITIVE_INFINITY) <= held_nusd)
})

test('a token limit without room for the preferred model falls to the next that fits', async (t) => {
  const house = await openHouse(t, { team: { limits: { tokens_per_minute: 20_000 } } })
  const answer = await askWhole(house.chatUrl, {
    body: chatBody({ model: 'trivium/factual_recall', ...pictured }),
  })
  assert.equal(answer.status, 200, answer.text())
  assert.equal((await house.row(answer.headers['x-request-id'])).target, 'gpt-4o')
  assert.equal(house.simulator.calls.length, 1)
})

test('if no candidate fits, no upstream is asked and nothing is held', async (t) => {
  const house = await openHouse(t, { team: { budgets: [{ usd: 0.001, per: 'day' }] } })
  const answer = await askWhole(house.chatUrl, {
    body: chatBody({ model: 'trivium/language_heavy', ...long }),
  })
  assert.equal(answer.status, 429)
  assert.match(answer.text(), /"code": "insufficient_quota"/)
  const row = await house.row(answer.headers['x-request-id'])
  assert.deepEqual([row.outcome, row.cost_nusd, row.held_nusd], ['refused', 0, 0])
  assert.equal(house.simulator.calls.length, 0)
})
