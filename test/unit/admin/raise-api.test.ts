import assert from 'node:assert/strict'
import { test } from 'node:test'
import Fastify from 'fastify'
import { raiseApi } from '../../../src/admin/raise-api.ts'
import type { RaiseEntry } from '../../../src/budget/raise.ts'
import { Raises } from '../../../src/budget/raises.ts'

const NOON = Date.UTC(2026, 10, 22, 12)

test('a store that fails refuses with 503, and nothing is in force that is not written down', async (t) => {
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
  const app = Fastify()
  t.after(() => app.close())
  app.register(raiseApi, { raises, now: () => NOON, hasBudget: () => true })
  const url = '/api/budgets/raises'
  const payload = { budget: 'team:research/day', usd: 1, until: '2026-11-23T00:00:00Z', reason: 'demo' }
  const granted = await app.inject({ method: 'POST', url, payload })
  assert.equal(granted.statusCode, 201)
  broken = true
  const failing = [
    { method: 'POST', url, payload },
    { method: 'DELETE', url: `${url}/${granted.json().id}`, payload: { reason: 'over' } },
    { method: 'GET', url },
    { method: 'GET', url: `${url}/log` },
  ] as const
  for (const asked of failing) {
    const answer = await app.inject(asked)
    assert.equal(answer.statusCode, 503)
    assert.equal(answer.json().error.code, 'store_unavailable')
    assert.doesNotMatch(answer.body, /private/)
  }
  assert.equal(raises.inForce(NOON).length, 1)
  assert.equal(entries.length, 1)
})

test('a body that is no JSON is the caller’s mistake, not the store’s', async (t) => {
  const raises = await Raises.open({ append: async () => true, entries: async () => [] }, NOON)
  const app = Fastify()
  t.after(() => app.close())
  app.register(raiseApi, { raises, now: () => NOON, hasBudget: () => true })
  const headers = { 'content-type': 'application/json' }
  for (const payload of ['{', '[]', 'null', '']) {
    const answer = await app.inject({ method: 'POST', url: '/api/budgets/raises', headers, payload })
    assert.equal(answer.statusCode, 400)
  }
})
