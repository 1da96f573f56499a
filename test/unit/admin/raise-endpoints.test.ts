import assert from 'node:assert/strict'
import { test } from 'node:test'
import { raiseEndpoints } from '../../../src/admin/api/raise-endpoints.ts'
import { nanoUsd } from '../../../src/base/money.ts'
import type { RaiseEntry } from '../../../src/budget/raise.ts'
import { Raises } from '../../../src/budget/raises.ts'
import { asAdmin, serverOf } from '../../support/admin-api.ts'

const NOON = Date.UTC(2026, 10, 22, 12)
const budget = { id: 'team:research/day', team: 'research', limit: nanoUsd(1e9), per: 'day' } as const
const balances = () => [{ budget, spent: nanoUsd(0), held: nanoUsd(0), resetsAt: null }]

test('a failing store answers 503, and nothing that was not recorded takes effect', async (t) => {
  const entries: RaiseEntry[] = []
  let broken = false
  const check = () => {
    if (broken) throw new Error('disk I/O error at /somewhere/private')
  }
  const raises = await Raises.open(
    {
      append: async (entry) => {
        check()
        entries.push(entry)
        return true
      },
      entries: async () => {
        check()
        return entries
      },
    },
    NOON,
  )
  const app = serverOf(raiseEndpoints({ raises, now: () => NOON, balances }))
  t.after(() => app.close())
  const url = '/api/budgets/raises'
  const payload = { budget: 'team:research/day', usd: 1, until: '2026-11-23T00:00:00Z', reason: 'demo' }
  const granted = await app.inject({ method: 'POST', url, payload, headers: asAdmin })
  assert.equal(granted.statusCode, 201)
  broken = true
  const failing = [
    { method: 'POST', url, payload },
    { method: 'DELETE', url: `${url}/${granted.json().id}`, payload: { reason: 'over' } },
    { method: 'GET', url },
    { method: 'GET', url: `${url}/log` },
  ] as const
  for (const asked of failing) {
    const answer = await app.inject({ ...asked, headers: asAdmin })
    assert.equal(answer.statusCode, 503)
    assert.equal(answer.json().error.code, 'store_unavailable')
    assert.doesNotMatch(answer.body, /private/)
  }
  assert.equal(raises.inForce(NOON).length, 1)
  assert.equal(entries.length, 1)
})

test('an invalid body is the caller’s error (400), not the store’s', async (t) => {
  const raises = await Raises.open({ append: async () => true, entries: async () => [] }, NOON)
  const app = serverOf(raiseEndpoints({ raises, now: () => NOON, balances }))
  t.after(() => app.close())
  const headers = { ...asAdmin, 'content-type': 'application/json' }
  for (const payload of ['{', '[]', 'null', '']) {
    const answer = await app.inject({ method: 'POST', url: '/api/budgets/raises', headers, payload })
    assert.equal(answer.statusCode, 400)
  }
})
