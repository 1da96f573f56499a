import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClassifier } from '../../../src/classifier/classifier.ts'
import { createModel } from '../../../src/classifier/model/model.ts'
import { decodeWeights } from '../../../src/classifier/model/weights.ts'
import { RuleBook } from '../../../src/classifier/rule.ts'
import { compileRules } from '../../../src/classifier/rules.ts'
import { featureTaker } from '../../../src/tuning/training/lesson.ts'
import { train } from '../../../src/tuning/training/train.ts'
import type { Row } from '../../../src/tuning/training/training-set.ts'
import { updateWeights } from '../../../src/tuning/training/update.ts'

const book = RuleBook.parse({ rules: [] })
const nothing = { rules: compileRules(book), derived: new Set<string>() }

function madeUpRows(): readonly Row[] {
  const rows: Row[] = []
  for (let n = 1; n <= 40; n += 1) {
    const rest = { source: `book${n % 3}_a`, lang: 'en', number: undefined, first: true }
    rows.push({ text: `Calculate ${n} times ${n + 3} and simplify`, label: 'stem_reasoning', ...rest })
    rows.push({ text: `Who was the king of country number ${n}?`, label: 'factual_recall', ...rest })
    rows.push({ text: `Write a song about the ${n} seas`, label: 'language_heavy', ...rest })
  }
  return rows
}

test('the same rows give the same bytes', () => {
  const first = train({ rows: madeUpRows(), ...nothing })
  const second = train({ rows: madeUpRows(), ...nothing })
  assert.ok(first.bytes.equals(second.bytes))
  assert.ok(first.bytes.length <= 512 * 1024)
})

test('trained weights can be read back and distinguish the classes', () => {
  const { bytes, report } = train({ rows: madeUpRows(), ...nothing })
  assert.equal(report.families, 3)
  assert.ok(report.leftOutAccuracy > 0.95)
  const classifier = createClassifier({
    rules: book,
    weights: decodeWeights(bytes),
    abstainBelow: 0,
    abstainTo: 'language_heavy',
    remember: 0,
  })
  const classOf = (content: string) => classifier.classify([{ role: 'user', content }]).class
  assert.equal(classOf('Calculate 91 times 12'), 'stem_reasoning')
  assert.equal(classOf('Who was the king of Spain?'), 'factual_recall')
  assert.equal(classOf('Write a song about rain'), 'language_heavy')
})

test('short follow-ups are learnt from labelled turns and distinguished from asks', () => {
  const turns = Array.from({ length: 40 }, (_, n) => [
    { lang: 'en', text: `no luck, same error ${n}`, last: 'follow_up' as const },
    { lang: 'en', text: `already tried that ${n} times`, last: 'follow_up' as const },
    { lang: 'en', text: `Who was the queen of ${n}?`, last: 'new_topic' as const },
  ]).flat()
  const tieOf = createModel(decodeWeights(train({ rows: madeUpRows(), turns, ...nothing }).bytes)).tieOf
  assert.ok(tieOf('still the same error') > 0)
  assert.ok(tieOf('already tried that') > 0)
  assert.ok(tieOf('Who was the king of Spain?') < 0)
  const without = createModel(decodeWeights(train({ rows: madeUpRows(), ...nothing }).bytes)).tieOf
  assert.ok(without('still the same error') < 0)
})

test('a derived family is never left out', () => {
  const rows = madeUpRows().map((row, index) => (index % 10 === 0 ? { ...row, source: 'noise_1' } : row))
  const { report } = train({ rows, rules: nothing.rules, derived: new Set(['noise']) })
  assert.deepEqual(report.leftOut.map(({ family }) => family).sort(), ['book0', 'book1', 'book2'])
})

test('labels move weights by fractions of their steps, and leave all others exactly as they were', () => {
  const base = decodeWeights(train({ rows: madeUpRows(), ...nothing }).bytes)
  const features = featureTaker(base.salt)('Write down how often the old mill turns')
  const labels = Array.from({ length: 20 }, () => ({ features, label: 'stem_reasoning' as const }))
  const updated = decodeWeights(updateWeights({ base, labels, rehearsal: [] })(0.25))
  const touched = new Set(features.buckets)
  const moved = updated.table.map((steps, at) =>
    Number(steps * updated.scale !== (base.table[at] ?? 0) * base.scale),
  )
  assert.equal(updated.scale, base.scale / 2)
  assert.ok(moved.every((is, at) => is === 0 || touched.has(at >> 1)))
  assert.ok(updated.table.some((steps) => steps % 2 !== 0))
})
