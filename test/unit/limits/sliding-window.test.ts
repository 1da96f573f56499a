import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { SlidingWindow, WINDOW_MS } from '../../../src/limits/memory/sliding-window.ts'

/** One step of a history: time passes, then a request asks. Gaps range from within a bucket to beyond the window. */
const gap = fc.oneof(fc.nat(99), fc.nat(5_000), fc.integer({ min: 59_800, max: 60_300 }), fc.nat(200_000))
const step = fc.record({ gap, amount: fc.integer({ min: 1, max: 40 }) })

test('admits no more than the limit in any 60 seconds, by exact timestamps', () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 120 }),
      fc.double({ min: 0, max: 1e6, noNaN: true }),
      (steps, start) => {
        const limit = 100
        const window = new SlidingWindow()
        const admitted: { at: number; amount: number }[] = []
        let now = start
        for (const { gap, amount } of steps) {
          now += gap
          if (window.sumAt(now) + amount > limit) continue
          window.add(amount, now)
          admitted.push({ at: now, amount })
        }
        for (const { at: end } of admitted) {
          const inWindow = admitted.filter(({ at }) => at > end - WINDOW_MS && at <= end)
          assert.ok(inWindow.reduce((sum, { amount }) => sum + amount, 0) <= limit)
        }
      },
    ),
    { numRuns: 500 },
  )
})

test('agrees with exact timestamps to a tenth of a second, corrections included', () => {
  const action = fc.record({ gap, amount: fc.nat(40), correct: fc.nat(10) })
  fc.assert(
    fc.property(fc.array(action, { maxLength: 80 }), (actions) => {
      const window = new SlidingWindow()
      const exact: { at: number; amount: number }[] = []
      let now = 0
      for (const { gap, amount, correct } of actions) {
        now += gap
        window.add(amount, now)
        exact.push({ at: now, amount })
        const past = exact.at(-1 - correct)
        if (past !== undefined) {
          window.correct(past.at, -past.amount, now)
          past.amount = 0
        }
        const since = (ms: number) =>
          exact.filter(({ at }) => at > now - ms).reduce((sum, { amount }) => sum + amount, 0)
        const counted = window.sumAt(now)
        assert.ok(counted >= since(WINDOW_MS) && counted <= since(WINDOW_MS + 100))
      }
    }),
    { numRuns: 500 },
  )
})

test('lets at least 95 % of the limit through under constant pressure', () => {
  const window = new SlidingWindow()
  const limit = 1000
  let admitted = 0
  const minutes = 10
  for (let now = 0; now < minutes * WINDOW_MS; now += 7) {
    if (window.sumAt(now) + 1 > limit) continue
    window.add(1, now)
    admitted += 1
  }
  assert.ok(admitted >= 0.95 * limit * minutes, `${admitted} of ${limit * minutes}`)
})

test('has room when it says it will, and not a bucket earlier', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), fc.nat(100), (steps, most) => {
      const window = new SlidingWindow()
      let now = 0
      for (const { gap, amount } of steps) {
        now += gap
        window.add(amount, now)
      }
      const wait = window.untilAtMost(most, now)
      if (wait > 100) assert.ok(window.sumAt(now + wait - 100.001) > most)
      assert.ok(window.sumAt(now + wait) <= most)
    }),
  )
})

test('is empty when it says it will be', () => {
  const window = new SlidingWindow()
  assert.equal(window.untilEmpty(500), 0)
  window.add(5, 1_000)
  window.add(5, 31_000)
  const wait = window.untilEmpty(40_000)
  assert.equal(window.sumAt(40_000 + wait - 1), 5)
  assert.equal(window.sumAt(40_000 + wait), 0)
})
