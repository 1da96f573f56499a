import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RetryBudget } from '../../../src/upstream/retry-budget.ts'

test('a brief failure is retried in full, a long outage for one request in five', () => {
  const budget = new RetryBudget()
  const taken = (requests: number) => {
    let retries = 0
    for (let request = 0; request < requests; request += 1) {
      budget.earn()
      if (budget.take()) retries += 1
      if (budget.take()) retries += 1
    }
    return retries
  }
  const hiccup = taken(5)
  assert.equal(hiccup, 10)
  const outage = taken(1000)
  assert.ok(outage >= 195 && outage <= 202, String(outage))
})
