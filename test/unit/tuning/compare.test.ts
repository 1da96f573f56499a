import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compare, type Pair } from '../../../src/tuning/compare.ts'
import { objectionsTo } from '../../../src/tuning/trial.ts'

function pairs(both: number, gained: number, lost: number, neither: number): readonly Pair[] {
  const pair = (live: Pair['live'], candidate: Pair['candidate']): Pair => ({
    label: 'stem_reasoning',
    live,
    candidate,
  })
  return [
    ...Array.from({ length: both }, () => pair('stem_reasoning', 'stem_reasoning')),
    ...Array.from({ length: gained }, () => pair('language_heavy', 'stem_reasoning')),
    ...Array.from({ length: lost }, () => pair('stem_reasoning', 'language_heavy')),
    ...Array.from({ length: neither }, () => pair('factual_recall', 'language_heavy')),
  ]
}

test('only prompts that are judged differently count, in an exact paired test', () => {
  const { live, candidate, gained, lost, difference, chance, interval } = compare(pairs(80, 2, 8, 10))
  assert.deepEqual([live, candidate, gained, lost], [0.88, 0.82, 2, 8])
  assert.ok(Math.abs(difference + 0.06) < 1e-12)
  // 2 × (1 + 10 + 45) / 1,024
  assert.ok(Math.abs(chance - 0.109375) < 1e-12)
  assert.ok(interval[0] < -0.06 && interval[1] > -0.06 && interval[0] > -0.15 && interval[1] < 0.02)
  assert.equal(compare(pairs(10, 3, 3, 0)).chance, 1)
  assert.equal(compare([]).chance, 1)
})

test('a loss beyond the margin is an objection on either set, and a smaller one is not', () => {
  const [worse, alike] = [compare(pairs(90, 0, 2, 8)), compare(pairs(90, 1, 1, 8))]
  assert.match(
    objectionsTo({ labelled: worse, unknown: 0, shipped: alike }, 0.01).join(),
    /^does worse on labelled rows: accuracy 0\.920 → 0\.900 on 100 prompts, -2\.0 points \(95 %: .*\), 0 gained, 2 lost, p 0\.500$/,
  )
  assert.match(
    objectionsTo({ labelled: null, unknown: 0, shipped: worse }, 0.01).join(),
    /shipped evaluation set/,
  )
  assert.deepEqual(objectionsTo({ labelled: worse, unknown: 0, shipped: worse }, 0.02), [])
})
