import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Pace, unseen } from '../../../src/flow/conclude/pace.ts'

/** An answer of one-token frames that arrive at these times, given up at another. */
function missed(times: readonly number[], givenUpAt: number, choices = 1): number {
  const pace = new Pace()
  for (const at of times) {
    pace.arrive(at)
    pace.note(4)
  }
  return unseen(times.length, choices, pace.cut(givenUpAt))
}

const every = (ms: number, from: number, to: number) =>
  Array.from({ length: Math.floor((to - from) / ms) }, (_, place) => from + place * ms)

test('nothing is unseen of a complete answer', () => {
  assert.equal(unseen(1_000, 4, undefined), 0)
})

test('a steady answer goes on for a quarter of a second at its pace, and little more', () => {
  // 100 tokens/s.
  const more = missed(every(10, 1_000, 4_000), 4_000)
  assert.ok(more >= 25 && more <= 40, `${more}`)
})

test('after its first word an answer may go on at the fastest pace there is', () => {
  assert.ok(missed([], 500) >= 750)
  assert.ok(missed([500], 500) >= 750)
  assert.ok(missed([500], 500, 4) >= 3_000)
  assert.ok(missed(every(2, 500, 600), 600) >= 150 * 3)
})

test('silence counts as watching, at the pace there was', () => {
  const more = missed([500], 750)
  assert.ok(more >= 2 && more < 10, `${more}`)
})

test('words that follow a silence are watched anew', () => {
  // Six words, a pause, and a burst of 1,000 tokens/s that is left after 50 ms.
  const more = missed([...every(50, 0, 300), ...every(1, 1_000, 1_050)], 1_050)
  assert.ok(more >= 250, `${more}`)
})

test('an answer that speeds up goes on at its fastest pace, not its average', () => {
  // 10 tokens/s for five seconds, then 500.
  const more = missed([...every(100, 0, 5_000), ...every(2, 5_000, 5_250)], 5_250)
  assert.ok(more >= 125, `${more}`)
})

test('what was in transit during a silence counts at the average pace', () => {
  // 100 tokens/s, then nothing for a second.
  const more = missed(every(10, 0, 2_000), 2_990)
  assert.ok(more >= 125 && more <= 150, `${more}`)
})

test('what was written before the first word may have been written at the fastest pace there is', () => {
  const pace = new Pace()
  pace.arrive(1_000)
  pace.note(0)
  assert.ok(unseen(0, 1, pace.cut(1_000)) >= 750)
  assert.ok(unseen(0, 1, pace.cut(3_000)) >= 6_750)
})

test('what keeps a connection open neither ends a silence nor shortens it', () => {
  const pace = new Pace()
  const note = (bytes: number, times: readonly number[]) => {
    for (const at of times) {
      pace.arrive(at)
      pace.note(bytes)
    }
  }
  note(4, every(50, 0, 500))
  note(0, every(200, 500, 3_000))
  const held = unseen(10, 1, pace.cut(3_000))
  assert.ok(held >= 50 && held <= 65, `20 tokens/s may have been held back for 2.5 s: ${held}`)
  note(4, every(1, 3_000, 3_030))
  assert.ok(unseen(40, 1, pace.cut(3_030)) >= 600)
})
