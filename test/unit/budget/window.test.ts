import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { WINDOWS } from '../../../src/budget/budget.ts'
import { spanAt } from '../../../src/budget/window.ts'

const moment = fc.integer({ min: Date.UTC(1970, 0, 5), max: Date.UTC(2199, 11, 31) })

test('a moment lies in its window, and the next window begins where it ends', () => {
  fc.assert(
    fc.property(moment, fc.constantFrom(...WINDOWS), (at, per) => {
      const { start, end } = spanAt(per, at)
      assert.ok(start <= at && (end === null || at < end))
      if (end === null) return
      assert.deepEqual(spanAt(per, end - 1), { start, end })
      assert.equal(spanAt(per, end).start, end)
    }),
  )
})

test('a larger window begins and ends where smaller ones do', () => {
  fc.assert(
    fc.property(moment, (at) => {
      for (const per of ['day', 'week', 'month'] as const) {
        const { start } = spanAt(per, at)
        assert.equal(spanAt('hour', start).start, start)
        assert.equal(spanAt('day', start).start, start)
      }
    }),
  )
})

test('windows follow the UTC calendar', () => {
  const at = Date.UTC(2024, 1, 29, 23, 59, 59, 999)
  assert.deepEqual(spanAt('hour', at), { start: Date.UTC(2024, 1, 29, 23), end: Date.UTC(2024, 2, 1) })
  assert.deepEqual(spanAt('day', at), { start: Date.UTC(2024, 1, 29), end: Date.UTC(2024, 2, 1) })
  // A Thursday: its week began on Monday the 26th and ends with Sunday, 3 March.
  assert.deepEqual(spanAt('week', at), { start: Date.UTC(2024, 1, 26), end: Date.UTC(2024, 2, 4) })
  assert.deepEqual(spanAt('month', at), { start: Date.UTC(2024, 1, 1), end: Date.UTC(2024, 2, 1) })
  assert.deepEqual(spanAt('month', Date.UTC(2026, 11, 31)).end, Date.UTC(2027, 0, 1))
  assert.equal(spanAt('total', at).end, null)
})
