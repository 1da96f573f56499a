import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { totalOf } from '../../../src/classifier/explanation.ts'
import { shipped, user } from './specimen.ts'

const classifier = shipped()

function assertSums(text: string): void {
  const explanation = classifier.explain([user(text)])
  const { logits } = explanation.verdict.evidence
  for (const [place, total] of totalOf(explanation).entries()) {
    assert.ok(Math.abs(total - (logits[place] ?? Number.NaN)) < 1e-6, `${total} is not ${logits[place]}`)
  }
  assert.deepEqual(explanation.verdict, classifier.classify([user(text)]))
}

test('contributions sum to the logits, whatever the text', () => {
  const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code))
  const odd = fc.string({ unit, maxLength: 300 })
  fc.assert(fc.property(fc.oneof(odd, fc.string({ unit: 'grapheme' })), assertSums), { numRuns: 300 })
})

test('contributions sum to the logits of long runs, zalgo and lone surrogates', () => {
  assertSums('a'.repeat(100_000))
  assertSums('z̸̢͓̈́a̵͎̓l̷̰͝g̶̠̈́o̸'.repeat(500))
  assertSums(`${'\ud800'.repeat(50)}Calculate 2 + 2`)
  assertSums('解方程 x^2 = 4 '.repeat(2_000))
})

test('the explanation names the rule that fired and the words that contributed', () => {
  const explanation = classifier.explain([user('Write a short poem about autumn leaves')])
  assert.ok(explanation.rules.some(({ id }) => id === 'write-en'))
  assert.ok(explanation.features.some(({ feature }) => feature === 'poem'))
})
