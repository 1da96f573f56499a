import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { ask, askWhole } from '../support/client.ts'
import { keyEntry, openHouse } from '../support/house.ts'
import { chatBody } from '../support/written-upstream.ts'

const Refused = z.object({
  error: z.strictObject({
    message: z.string(),
    type: z.string(),
    param: z.null(),
    code: z.string(),
    metadata: z.strictObject({
      scope: z.string(),
      team: z.string(),
      limit_usd: z.number(),
      spent_usd: z.number(),
      held_usd: z.number(),
      resets_at: z.iso.datetime().nullable(),
    }),
  }),
})

/** Enough for one answer of gpt-4o at the lowest cap of 256 tokens, and not for two. */
const ONE_ANSWER = 0.004

test('a request refused only because of money in flight gets 429 budget_held, and succeeds later', async (t) => {
  const house = await openHouse(t, { team: { budgets: [{ usd: ONE_ANSWER, per: 'total' }] } })
  house.simulator.follow(() => ({ fault: { kind: 'pause', when: 'mid_frame' }, answer: 'Well.' }))
  const first = await ask(house.chatUrl, { body: chatBody({ stream: true }) })
  assert.match(
    String(first.headers['x-trivium-adapted']),
    /^service_tier=default, max_completion_tokens=\d+$/,
  )
  const refused = await askWhole(house.chatUrl, { body: chatBody() })
  assert.equal(refused.status, 429)
  const { error } = Refused.parse(refused.json)
  assert.deepEqual([error.type, error.code], ['rate_limit_exceeded', 'budget_held'])
  assert.ok(Number(refused.headers['retry-after-ms']) <= 1000)
  assert.equal(refused.headers['x-should-retry'], undefined)
  const { scope, team, limit_usd, spent_usd, held_usd, resets_at } = error.metadata
  assert.deepEqual(
    [scope, team, limit_usd, spent_usd, resets_at],
    ['team:research/total', 'research', ONE_ANSWER, 0, null],
  )
  assert.ok(held_usd > 0 && held_usd <= ONE_ANSWER)
  house.simulator.release()
  assert.equal(await first.ended, 'whole')
  await house.row(first.headers['x-request-id'])
  house.simulator.follow(() => ({ answer: 'Well.' }))
  assert.equal((await askWhole(house.chatUrl, { body: chatBody() })).status, 200)
})

test('a request refused by a spent budget gets 429 insufficient_quota with the reset time and no retry', async (t) => {
  const house = await openHouse(t, { team: { budgets: [{ usd: ONE_ANSWER, per: 'day' }] } })
  let answer = await askWhole(house.chatUrl, { body: chatBody() })
  while (answer.status === 200) {
    const remaining = Number(answer.headers['x-trivium-budget-remaining-usd'])
    assert.ok(Math.abs(remaining - (ONE_ANSWER - house.simulator.billedNanoUsd() / 1e9)) < 1e-9)
    answer = await askWhole(house.chatUrl, { body: chatBody() })
  }
  assert.equal(answer.status, 429)
  const { error } = Refused.parse(answer.json)
  assert.deepEqual([error.type, error.code], ['insufficient_quota', 'insufficient_quota'])
  assert.equal(answer.headers['x-should-retry'], 'false')
  const { scope, limit_usd, spent_usd, held_usd, resets_at } = error.metadata
  assert.deepEqual([scope, limit_usd, held_usd], ['team:research/day', ONE_ANSWER, 0])
  assert.equal(spent_usd, house.simulator.billedNanoUsd() / 1e9)
  assert.ok(spent_usd <= ONE_ANSWER)
  // What is left may be less than an answer costs. A budget that still has money is not called spent.
  assert.match(
    error.message,
    spent_usd < ONE_ANSWER ? /\/day has less left than this request may cost\. Of / : /\/day is spent\. Of /,
  )
  assert.ok(Date.parse(resets_at ?? '') > Date.now())
  const row = await house.row(answer.headers['x-request-id'])
  assert.deepEqual([row.outcome, row.error_code, row.cost_nusd], ['refused', 'insufficient_quota', 0])
})

test('a team’s `min_output` says how short an answer the end of a budget may buy, from the next reload on', async (t) => {
  // Pays for some 150 tokens of gpt-4o beside the prompt.
  const budgets = [{ usd: 0.002, per: 'total' }]
  const house = await openHouse(t, { team: { budgets } })
  const ask = () => askWhole(house.chatUrl, { body: chatBody({ model: 'trivium/pin:gpt-4o' }) })
  assert.equal((await ask()).status, 429)
  house.rewrite({ team: { budgets, min_output: 40 } })
  await house.reload()
  const answer = await ask()
  assert.equal(answer.status, 200)
  const cap = Number(/max_completion_tokens=(\d+)/.exec(String(answer.headers['x-trivium-adapted']))?.[1])
  assert.ok(cap >= 40 && cap < 256, `a cap of ${cap}`)
})

test('a key’s own budget stops that key only', async (t) => {
  const keys = [keyEntry('sk-test'), keyEntry('sk-poor', { budgets: [{ usd: 1e-9, per: 'total' }] })]
  const house = await openHouse(t, { team: { keys } })
  const refused = await askWhole(house.chatUrl, { body: chatBody(), key: 'sk-poor' })
  assert.equal(Refused.parse(refused.json).error.metadata.scope, 'key:research/sk-poor/total')
  assert.equal((await askWhole(house.chatUrl, { body: chatBody() })).status, 200)
})

test('a team with `when_exhausted: cheapest` gets the cheapest model before it is refused', async (t) => {
  const budgets = [{ usd: ONE_ANSWER, per: 'total' }]
  const house = await openHouse(t, { team: { budgets, when_exhausted: 'cheapest' } })
  const body = chatBody({ model: 'trivium/language_heavy' })
  const models = new Set<unknown>()
  let answer = await askWhole(house.chatUrl, { body })
  while (answer.status === 200 && models.size < 2) {
    models.add(answer.headers['x-trivium-model'])
    answer = await askWhole(house.chatUrl, { body })
  }
  assert.deepEqual([...models], ['gpt-4o', 'gpt-4o-mini'])
})
