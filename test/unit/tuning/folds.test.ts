import assert from 'node:assert/strict'
import { test } from 'node:test'
import { foldsOf, NO_FOLD } from '../../../src/tuning/training/folds.ts'
import { createTrainingSet, type Row } from '../../../src/tuning/training/training-set.ts'

function row(source: string, lang: string, number?: number): Row {
  return { text: 'Who?', label: 'factual_recall', source, lang, number, first: true }
}

test('a family is left out as a whole, a derived family never', () => {
  const rows = [row('quiz_a', 'en'), row('noise_1', 'en'), row('quiz_b', 'fr'), row('book', 'en')]
  const { count, of } = foldsOf(createTrainingSet(rows, 1), new Set(['noise']))
  assert.equal(count, 2)
  assert.equal(of[0], of[2])
  assert.notEqual(of[0], of[3])
  assert.equal(of[1], NO_FOLD)
})

test('parallel prompts with the same number are left out together, whatever their language', () => {
  const rows = [
    row('quiz', 'en'),
    row('book', 'en'),
    row('own-es', 'es', 4),
    row('own-pt', 'pt', 4),
    row('own-pt', 'pt', 5),
  ]
  const { of } = foldsOf(createTrainingSet(rows, 1), new Set())
  assert.equal(of[2], of[3])
  assert.notEqual(of[3], of[4])
})

test('a single family gives no folds', () => {
  assert.equal(foldsOf(createTrainingSet([row('quiz_a', 'en'), row('quiz_b', 'en')], 1), new Set()).count, 0)
})

test('parallel prompts alone are also left out by number', () => {
  const rows = [row('own-es', 'es', 4), row('own-pt', 'pt', 4), row('own-pt', 'pt', 5)]
  const { count, of } = foldsOf(createTrainingSet(rows, 1), new Set())
  assert.ok(count > 1)
  assert.equal(of[0], of[1])
  assert.notEqual(of[1], of[2])
})
