import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PromptClass } from '../../../src/base/prompt-class.ts'
import { type Balance, importanceOf } from '../../../src/tuning/training/importance.ts'
import { createTrainingSet, type Row } from '../../../src/tuning/training/training-set.ts'

const plain: Balance = { evenSources: 0, evenClasses: 0, evenClassesOfLanguages: 0, parallel: 1, labelled: 1 }

function rowsOf(times: number, label: PromptClass, source: string, lang: string, number?: number): Row[] {
  return Array.from({ length: times }, () => ({ text: 'Who?', label, source, lang, number, first: true }))
}

function sharesOf(rows: readonly Row[], balance: Balance): readonly number[] {
  return [...importanceOf(createTrainingSet(rows, 1), Int32Array.from(rows.keys()), balance)]
}

function assertNear(found: number | undefined, wanted: number): void {
  assert.ok(Math.abs((found ?? Number.NaN) - wanted) < 1e-9, `${found} is not ${wanted}`)
}

test('the average weight of a row is 1', () => {
  const rows = [...rowsOf(3, 'factual_recall', 'a', 'en'), ...rowsOf(5, 'stem_reasoning', 'b', 'fr', 1)]
  const shares = sharesOf(rows, {
    evenSources: 0.6,
    evenClasses: 0.5,
    evenClassesOfLanguages: 0.5,
    parallel: 4,
    labelled: 4,
  })
  assertNear(
    shares.reduce((sum, share) => sum + share, 0),
    rows.length,
  )
})

test('under full evenness all sources weigh the same, whatever their size', () => {
  const rows = [...rowsOf(1, 'factual_recall', 'a', 'en'), ...rowsOf(9, 'factual_recall', 'b', 'en')]
  const shares = sharesOf(rows, { ...plain, evenSources: 1 })
  assertNear((shares[0] ?? 0) / (shares[1] ?? 0), 9)
})

test('a class that is rare in one language is weighted up only there', () => {
  const rows = [
    ...rowsOf(1, 'factual_recall', 'a', 'zh'),
    ...rowsOf(4, 'language_heavy', 'a', 'zh'),
    ...rowsOf(4, 'factual_recall', 'a', 'en'),
    ...rowsOf(4, 'language_heavy', 'a', 'en'),
  ]
  const shares = sharesOf(rows, { ...plain, evenClassesOfLanguages: 1 })
  assertNear((shares[0] ?? 0) / (shares[1] ?? 0), 4)
  assertNear((shares[5] ?? 0) / (shares[9] ?? 0), 1)
})

test('prompts of parallel sets count as often as the recipe says', () => {
  const rows = [...rowsOf(2, 'factual_recall', 'a', 'en'), ...rowsOf(2, 'factual_recall', 'own-en', 'en', 3)]
  const shares = sharesOf(rows, { ...plain, parallel: 4 })
  assertNear((shares[2] ?? 0) / (shares[0] ?? 0), 4)
})

test('labelled rows of a ledger count as often as the recipe says', () => {
  const rows = [
    ...rowsOf(2, 'factual_recall', 'log_research', 'unknown'),
    ...rowsOf(2, 'factual_recall', 'book', 'en'),
  ]
  const shares = sharesOf(rows, { ...plain, labelled: 3 })
  assertNear((shares[0] ?? 0) / (shares[2] ?? 1), 3)
})
