import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askWhole } from '../support/client.ts'
import { openHouse } from '../support/house.ts'
import { chatBody } from '../support/written-upstream.ts'

const server = { listen: '127.0.0.1:0', admin: '127.0.0.1:0', drain: '200ms', admin_token: 'an-admin-token' }
const USD = 0.01
const team = { budgets: [{ usd: USD, per: 'total' }], when_exhausted: 'cheapest' }
/** More than gpt-4o-mini's shortest answer to a short question may cost, and far less than gpt-4o's. */
const SMALL_CHANGE = 0.0003
const body = chatBody({ model: 'trivium/language_heavy' })

test('the preferred model serves until money is short, then the cheapest until almost none is left', async (t) => {
  const house = await openHouse(t, { settings: { server }, team })
  const models: unknown[] = []
  let answer = await askWhole(house.chatUrl, { body })
  for (; answer.status === 200 && models.length < 2000; answer = await askWhole(house.chatUrl, { body })) {
    models.push(answer.headers['x-trivium-model'])
  }
  assert.equal(answer.status, 429)
  assert.match(answer.text(), /insufficient_quota/)
  const turn = models.indexOf('gpt-4o-mini')
  assert.ok(turn > 0)
  assert.deepEqual([...new Set(models.slice(0, turn))], ['gpt-4o'])
  assert.deepEqual([...new Set(models.slice(turn))], ['gpt-4o-mini'])
  const billed = house.simulator.billedNanoUsd() / 1e9
  assert.ok(billed <= USD && billed > USD - SMALL_CHANGE, `billed ${billed}`)

  const raised = await fetch(`${house.adminUrl}/api/budgets/raises`, {
    method: 'POST',
    headers: { authorization: 'Bearer an-admin-token', 'content-type': 'application/json' },
    body: JSON.stringify({
      budget: 'team:research/total',
      usd: USD,
      until: new Date(Date.now() + 3_600_000).toISOString(),
      reason: 'more of the good one',
    }),
  })
  assert.equal(raised.status, 201)
  assert.equal((await askWhole(house.chatUrl, { body })).headers['x-trivium-model'], 'gpt-4o')
})

test('concurrent requests never overspend and are refused as held, not as spent', async (t) => {
  const house = await openHouse(t, { settings: { server }, team })
  const answers = await Promise.all(Array.from({ length: 60 }, () => askWhole(house.chatUrl, { body })))
  const billed = house.simulator.billedNanoUsd() / 1e9
  assert.ok(billed <= USD, `billed ${billed}`)
  assert.ok(answers.some(({ status }) => status === 200))
  // Together they did not spend the budget, so the refused ones only came too early.
  assert.ok(billed < USD - SMALL_CHANGE)
  for (const answer of answers) if (answer.status !== 200) assert.match(answer.text(), /budget_held/)
})
