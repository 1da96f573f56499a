import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { type Ask, askWhole } from '../support/client.ts'
import { openHouse } from '../support/house.ts'

/** The headers that docs/clients.md promises. */
function documented(): readonly string[] {
  const page = readFileSync('docs/clients.md', 'utf8').split("### Trivium's own headers")[1] ?? ''
  return [...(page.split('\n## ')[0]?.matchAll(/^\| (`x-.+?`) \|/gm) ?? [])].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`(.+?)`/g)].map(([, name = '']) => name),
  )
}

const DURATION = /^(\d+h)?(\d+m)?[\d.]+m?s$/
const USD = /^\d+\.\d{9}$/

const FORMS: Readonly<Record<string, RegExp>> = {
  'x-request-id': /^req_\w+$/,
  'x-trivium-class': /^stem_reasoning$/,
  'x-trivium-confidence': /^[01]\.\d{3}$/,
  'x-trivium-cause': /^(model|rule:[\w.-]+)$/,
  'x-trivium-model': /^o1-mini$/,
  'x-trivium-adapted': /system->user/,
  'x-trivium-attempts': /^1$/,
  'x-trivium-cost-usd': USD,
  'x-trivium-budget-remaining-usd': USD,
  'x-ratelimit-limit-requests': /^2$/,
  'x-ratelimit-remaining-requests': /^1$/,
  'x-ratelimit-reset-requests': DURATION,
  'x-ratelimit-limit-tokens': /^900000$/,
  'x-ratelimit-remaining-tokens': /^\d+$/,
  'x-ratelimit-reset-tokens': DURATION,
}

const PROOF = {
  model: 'gpt-4o',
  messages: [
    { role: 'system', content: 'You are a patient tutor.' },
    { role: 'user', content: 'Prove that the square root of two is irrational.' },
  ],
}

test('an answer has every header of docs/clients.md, in its form and as in its row', async (t) => {
  const limits = { requests_per_minute: 2, tokens_per_minute: 900_000 }
  const house = await openHouse(t, { team: { limits } })
  assert.deepEqual(documented().toSorted(), Object.keys(FORMS).toSorted())
  const { status, headers } = await askWhole(house.chatUrl, { body: PROOF })
  assert.equal(status, 200)
  for (const [name, form] of Object.entries(FORMS)) assert.match(String(headers[name]), form, name)
  const row = await house.row(headers['x-request-id'])
  assert.equal(headers['x-trivium-confidence'], row.confidence?.toFixed(3))
  assert.deepEqual(
    ['class', 'cause', 'model', 'adapted'].map((name) => headers[`x-trivium-${name}`]),
    [row.class, row.cause, row.target, row.adapted],
  )
  assert.equal(Number(headers['x-trivium-cost-usd']) * 1e9, row.cost_nusd)
  const streamed = await askWhole(house.chatUrl, { body: { ...PROOF, stream: true } })
  const missing = Object.keys(FORMS).filter((name) => streamed.headers[name] === undefined)
  assert.deepEqual(missing, ['x-trivium-cost-usd'])
})

test('a refusal says what is left where there was no room', async (t) => {
  const house = await openHouse(t, {
    team: { limits: { requests_per_minute: 1 }, budgets: [{ usd: 0.0000001, per: 'day' }] },
  })
  const ask = (more: Ask = {}) => askWhole(house.chatUrl, { body: PROOF, ...more })
  const poor = await ask()
  assert.deepEqual([poor.status, poor.headers['x-trivium-budget-remaining-usd']], [429, '0.000000100'])
  assert.deepEqual(
    [poor.headers['x-trivium-cost-usd'], poor.headers['x-trivium-attempts']],
    ['0.000000000', '0'],
  )
  house.rewrite({ team: { limits: { requests_per_minute: 1 } } })
  await house.reload()
  assert.equal((await ask()).status, 200)
  const full = await ask()
  assert.equal(full.status, 429)
  assert.equal(full.headers['x-ratelimit-limit-requests'], '1')
  assert.equal(full.headers['x-ratelimit-remaining-requests'], '0')
  assert.match(String(full.headers['x-ratelimit-reset-requests']), DURATION)
})
