import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PromptClass } from '../../../src/base/prompt-class.ts'
import { placeOf } from '../../../src/classifier/model/calibration.ts'
import { RuleBook } from '../../../src/classifier/rule.ts'
import type { Classifier, PerClass } from '../../../src/classifier/verdict.ts'
import { evaluate } from '../../../src/tuning/evaluate.ts'

/** Returns the verdict that the prompt spells out: `class confidence`. */
const parrot: Classifier = {
  rulesVersion: 'aaaaaaaaaaaa',
  weightsVersion: 'bbbbbbbbbbbb',
  classify: ([message]) => {
    const [said = '', sure = ''] = String(message?.content).split(' ')
    const promptClass: PromptClass =
      said === 'stem' ? 'stem_reasoning' : said === 'fact' ? 'factual_recall' : 'language_heavy'
    const confidence = Number(sure)
    const rest = (1 - confidence) / 2
    const spread: [number, number, number] = [rest, rest, rest]
    spread[placeOf(promptClass)] = confidence
    const probabilities: PerClass = spread
    const evidence = { rules: [], logits: probabilities, read: { scored: 1, of: 1 }, turnsBack: 0 }
    return { class: promptClass, confidence, cause: 'model', probabilities, evidence }
  },
}

const row = (content: string, label: PromptClass, source = 's', lang = 'en') => ({
  id: undefined,
  label,
  source,
  lang,
  messages: [{ role: 'user', content }],
})

test('the figures match a calculation by hand', () => {
  let ticks = 0
  const figures = evaluate(
    parrot,
    [
      row('stem 0.95', 'stem_reasoning'),
      row('stem 0.95', 'factual_recall', 't', 'fr'),
      row('fact 0.65', 'factual_recall'),
      row('lang 0.65', 'language_heavy'),
    ],
    [],
    () => (ticks += 0.5),
  )
  assert.equal(figures.accuracy, 0.75)
  assert.deepEqual(figures.classes.stem_reasoning, { precision: 0.5, recall: 1, f1: 2 / 3, rows: 1 })
  assert.ok(Math.abs(figures.macro_f1 - (2 / 3 + 2 / 3 + 1) / 3) < 1e-12)
  assert.equal(figures.confusion.factual_recall.stem_reasoning, 1)
  assert.deepEqual(figures.confident, { from: 0.9, coverage: 0.5, precision: 0.5 })
  // Half of the rows are 0.45 too confident, the other half 0.35 too little.
  assert.ok(Math.abs(figures.ece - 0.4) < 1e-12)
  assert.deepEqual(figures.by_language.fr, { rows: 1, accuracy: 0, macro_f1: 0 })
  assert.deepEqual(figures.microseconds, { p50: 500, p99: 500 })
})

test('a rule is reported with how often it fired, was right, was overruled and changed a verdict', () => {
  const rule = RuleBook.parse({
    rules: [
      {
        id: 'shouts',
        class: 'language_heavy',
        weight: 1,
        languages: ['any'],
        reason: 'r',
        patterns: ['!'],
        example: '!',
        counter_example: '?',
      },
    ],
  }).rules
  const shouting: Classifier = {
    ...parrot,
    classify: (messages) => {
      const verdict = parrot.classify(messages)
      const shouts = String(messages[0]?.content).endsWith('!')
      const fired = shouts ? [{ id: 'shouts', class: 'language_heavy' as const, weight: 1 }] : []
      const cause = shouts && verdict.class === 'language_heavy' ? ('rule:shouts' as const) : verdict.cause
      return { ...verdict, cause, evidence: { ...verdict.evidence, rules: fired } }
    },
  }
  const prompts = [
    row('lang 0.6 !', 'language_heavy'),
    row('lang 0.6 !', 'factual_recall'),
    row('stem 0.9 !', 'stem_reasoning'),
    row('stem 0.9', 'stem_reasoning'),
  ]
  const [figures] = evaluate(shouting, prompts, rule, () => 0).rules
  assert.deepEqual(figures, {
    id: 'shouts',
    class: 'language_heavy',
    weight: 1,
    fired: 3,
    right: 1,
    overruled: 1,
    turned: 2,
    turned_right: 1,
  })
})
