import assert from 'node:assert/strict'
import { test } from 'node:test'
import { longestGoodStep } from '../../../src/tuning/training/step.ts'

/** Shares right after steps of 1, 0.75, 0.5 and 0.25. */
function stepOf(rows: number, ...right: readonly number[]): number {
  const after = new Map([1, 0.75, 0.5, 0.25].map((share, index) => [share, right[index] ?? 0]))
  return longestGoodStep(rows, (share) => after.get(share) ?? 0)
}

test('all of the way is gone where it is best, or chance may have made the difference', () => {
  assert.equal(stepOf(200, 0.84, 0.84, 0.82, 0.78), 1)
  assert.equal(stepOf(200, 0.88, 0.9, 0.89, 0.85), 1)
})

test('a shorter one where more of it makes left-out labels clearly worse', () => {
  assert.equal(stepOf(200, 0.5, 0.6, 0.7, 0.69), 0.5)
  assert.equal(stepOf(10_000, 0.88, 0.9, 0.89, 0.85), 0.75)
})
