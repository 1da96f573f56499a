import assert from 'node:assert/strict'
import { test } from 'node:test'
import { longestGoodStep } from '../../../src/tuning/training/step.ts'

/** The step chosen, given the accuracy after steps of 1, 0.75, 0.5 and 0.25. */
function stepOf(rows: number, ...right: readonly number[]): number {
  const after = new Map([1, 0.75, 0.5, 0.25].map((share, index) => [share, right[index] ?? 0]))
  return longestGoodStep(rows, (share) => after.get(share) ?? 0)
}

test('the full step is taken if it is best or the difference may be due to chance', () => {
  assert.equal(stepOf(200, 0.84, 0.84, 0.82, 0.78), 1)
  assert.equal(stepOf(200, 0.88, 0.9, 0.89, 0.85), 1)
})

test('a shorter step is taken if longer ones make left-out labels clearly worse', () => {
  assert.equal(stepOf(200, 0.5, 0.6, 0.7, 0.69), 0.5)
  assert.equal(stepOf(10_000, 0.88, 0.9, 0.89, 0.85), 0.75)
})
