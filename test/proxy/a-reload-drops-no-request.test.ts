import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { ask, askWhole, payloads } from '../support/client.ts'
import { keyEntry, openHouse } from '../support/house.ts'
import { chatBody } from '../support/written-upstream.ts'

const FACT = { model: 'trivium/factual_recall', messages: [{ role: 'user', content: 'Hello' }] }
const OTHER_ROUTES = {
  stem_reasoning: ['o1-mini'],
  factual_recall: ['gpt-4o'],
  language_heavy: ['gpt-4o'],
}

test('the next request sees the new configuration, while an open stream keeps the old one', async (t) => {
  const house = await openHouse(t)
  house.simulator.follow((request) =>
    request.stream ? { fault: { kind: 'pause', when: 'mid_frame' } } : undefined,
  )
  const stream = await ask(house.chatUrl, { body: { ...FACT, stream: true } })
  assert.equal(stream.headers['x-trivium-model'], 'gpt-4o-mini')
  // Changed upstream settings mean new connections to it, while a stream is still open on the old ones.
  house.rewrite({
    settings: { routes: OTHER_ROUTES },
    upstream: { retries: 1, api_key: 'sk-other' },
    team: { keys: [keyEntry('sk-new')] },
  })
  await house.reload()
  assert.equal((await askWhole(house.chatUrl, { body: FACT })).status, 401)
  const answer = await askWhole(house.chatUrl, { body: FACT, key: 'sk-new' })
  assert.deepEqual([answer.status, answer.headers['x-trivium-model']], [200, 'gpt-4o'])
  assert.equal(house.simulator.calls.at(-1)?.headers.authorization, 'Bearer sk-other')
  house.simulator.release()
  assert.equal(await stream.ended, 'whole')
  assert.equal(payloads(stream.text()).at(-1), '[DONE]')
  assert.equal((await house.row(stream.headers['x-request-id'])).outcome, 'ok')
})

test('a changed configuration file is reloaded without a signal', async (t) => {
  const house = await openHouse(t)
  house.rewrite({ settings: { routes: OTHER_ROUTES } })
  const deadline = performance.now() + 5000
  let model: unknown
  while (model !== 'gpt-4o' && performance.now() < deadline) {
    await setTimeout(20)
    model = (await askWhole(house.chatUrl, { body: FACT })).headers['x-trivium-model']
  }
  assert.equal(model, 'gpt-4o')
})

test('an invalid file leaves the old configuration running, and readiness says why', async (t) => {
  const house = await openHouse(t)
  const ready = async () => (await fetch(`${house.adminUrl}/readyz`)).text()
  for (const bad of ['server: [', 'serverr: {}', '']) {
    writeFileSync(house.config, bad)
    await house.reload()
    assert.equal((await askWhole(house.chatUrl, { body: chatBody() })).status, 200)
    assert.match(await ready(), /reload was refused: .*trivium\.yaml/)
  }
  house.rewrite({})
  await house.reload()
  assert.doesNotMatch(await ready(), /refused/)
})

test('spent money is still spent after a reload', async (t) => {
  const team = { budgets: [{ usd: 1, per: 'total' }] }
  const house = await openHouse(t, { team })
  await askWhole(house.chatUrl, { body: chatBody() })
  house.rewrite({ team })
  await house.reload()
  const answer = await askWhole(house.chatUrl, { body: chatBody() })
  const remaining = Number(answer.headers['x-trivium-budget-remaining-usd'])
  assert.ok(Math.abs(remaining - (1 - house.simulator.billedNanoUsd() / 1e9)) < 1e-9)
})
