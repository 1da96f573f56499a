import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crashRounds } from '../bench/crash/rounds.ts'

// Peers lose up to ten seconds of rows, or those of every request in flight, when they die. For more rounds:
// test/bench/crash/run.ts.
test('after a kill under load every request the upstream saw has one row, and balance = Σ rows', async () => {
  const results = await crashRounds({ rounds: 2, perSecond: 200, forMs: 1000, leastSeen: 30 })
  for (const { seen, withoutRow, withTwoRows, open, rowsNusd, balanceNusd } of results) {
    assert.ok(seen > 20)
    assert.equal(withoutRow, 0)
    assert.equal(withTwoRows, 0)
    assert.equal(open, 0)
    assert.equal(balanceNusd, rowsNusd)
  }
  assert.ok((results.at(-1)?.unsettled ?? 0) > 0, 'the kill found nothing in flight')
})
