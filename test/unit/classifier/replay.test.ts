import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Message } from '../../../src/base/message.ts'
import { createClassifier } from '../../../src/classifier/classifier.ts'
import { decodeWeights, encodeWeights, type Weights } from '../../../src/classifier/model/weights.ts'
import { printsOf } from '../../../src/classifier/print.ts'
import type { Replayed } from '../../../src/classifier/recording/replay.ts'
import type { RuleBook } from '../../../src/classifier/rule.ts'
import type { Choice } from '../../../src/classifier/verdict.ts'
import { readRuleBook, readWeights } from '../../../src/config/classifier.ts'
import { chanceFrom } from '../../../src/tuning/training/chance.ts'
import { RULES_FILE, user, WEIGHTS_FILE } from './specimen.ts'

const book = readRuleBook(RULES_FILE)
const weights = readWeights(WEIGHTS_FILE)
const live = classifierOf(book, weights)

function classifierOf(rules: RuleBook, weightsOf: Weights, abstainBelow = 0.5) {
  return createClassifier({
    rules,
    weights: weightsOf,
    abstainBelow,
    abstainTo: 'language_heavy',
    remember: 0,
  })
}

const scripted: readonly (readonly Message[])[] = readFileSync(
  'test/unit/classifier/conversations.jsonl',
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line).turns)

const texts = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.constantFrom(
    '',
    'why?',
    'Prove that 2 is prime',
    '<system-reminder>x</system-reminder>',
    'ok',
    '为什么？',
  ),
  fc.string({ minLength: 700, maxLength: 3_000 }),
)
const conversations = fc.array(texts, { maxLength: 12 }).map((turns) => turns.map(user))

function isSame(replayed: Replayed, choice: Choice): boolean {
  if (typeof replayed === 'string') return false
  const { logits: _, ...given } = replayed
  const { class: chosen, confidence, cause, probabilities } = choice
  // Strict: probabilities must agree to the bit.
  assert.deepStrictEqual(given, { class: chosen, confidence, cause, probabilities })
  return true
}

const recordingOf = (messages: readonly Message[]) => live.record(messages).features().toString('base64')

test('replaying features reproduces the verdict of the words, bit for bit', () => {
  const replayer = live.replayer([])
  for (const messages of scripted)
    assert.ok(isSame(replayer.fromFeatures(recordingOf(messages)), live.classify(messages)))
  fc.assert(
    fc.property(conversations, (messages) => {
      assert.ok(isSame(replayer.fromFeatures(recordingOf(messages)), live.classify(messages)))
    }),
    { numRuns: 500 },
  )
})

/** Weights that have little in common with the shipped ones. */
function otherWeights(seed: number): Weights {
  const chance = chanceFrom(seed)
  const table = weights.table.map((pull) => (chance() < 0.5 ? pull : Math.round(chance() * 254 - 127)))
  const ties = { ...weights.ties, table: weights.ties.table.map((pull) => -pull) }
  return decodeWeights(encodeWeights({ ...weights, table, ties, temperature: 0.8 }))
}

test('changed weights and thresholds judge features like the words, or report a missing older turn', () => {
  const reweighted = {
    ...book,
    rules: book.rules.map((rule, place) => ({ ...rule, weight: -rule.weight, decide: place % 9 === 0 })),
  }
  let beyond = 0
  for (const other of [
    classifierOf(book, otherWeights(1)),
    classifierOf(book, otherWeights(2), 0.9),
    classifierOf(reweighted, weights),
  ]) {
    const replayer = other.replayer([])
    for (const messages of scripted) {
      const replayed = replayer.fromFeatures(recordingOf(messages))
      if (replayed === 'beyond') beyond += 1
      else assert.ok(isSame(replayed, other.classify(messages)))
    }
  }
  assert.ok(beyond < scripted.length / 10, `${beyond} of ${3 * scripted.length}`)
})

test('removed rules no longer fire; rules with changed patterns cannot be judged without words', () => {
  const [first, ...others] = book.rules
  assert.ok(first)
  const fewer = classifierOf({ ...book, rules: others }, weights)
  const changed = classifierOf(
    { ...book, rules: [{ ...first, patterns: ['\\bwholly new\\b'] }, ...others] },
    weights,
  )
  for (const messages of scripted) {
    const recording = recordingOf(messages)
    assert.equal(fewer.replayer([]).fromFeatures(recording), 'rules')
    assert.equal(changed.replayer([book]).fromFeatures(recording), 'rules')
  }
  const knowing = fewer.replayer([book])
  for (const messages of scripted) {
    const replayed = knowing.fromFeatures(recordingOf(messages))
    assert.ok(replayed === 'beyond' || isSame(replayed, fewer.classify(messages)))
  }
})

test('other lists, another salt or version and damaged bytes are reported, not guessed around', () => {
  const several = [user('Who painted the Mona Lisa?'), { role: 'assistant', content: 'x' }, user('and when?')]
  const tell = (rules: RuleBook, other: Weights, messages: readonly Message[]) =>
    classifierOf(rules, other).replayer([book]).fromFeatures(recordingOf(messages))
  const peels = { ...book, scaffolding: { ...book.scaffolding, remove: ['x'] } }
  assert.equal(tell(peels, weights, several), 'scaffolding')
  const listens = { ...book, follow_ups: book.follow_ups.slice(1) }
  assert.equal(tell(listens, weights, several), 'follow_ups')
  assert.equal(typeof tell(listens, weights, several.slice(0, 1)), 'object')
  const salted = decodeWeights(encodeWeights({ ...weights, salt: 7 }))
  assert.equal(tell(book, salted, several), 'features')
  const bytes = live.record(several).features()
  const again = (change: (copy: Buffer) => Buffer) =>
    live.replayer([]).fromFeatures(change(Buffer.from(bytes)).toString('base64'))
  assert.equal(
    again((copy) => Buffer.concat([Buffer.of(9), copy.subarray(1)])),
    'damaged',
  )
  assert.equal(
    again((copy) => Buffer.concat([copy.subarray(0, 1), Buffer.of(1), copy.subarray(2)])),
    'features',
  )
  for (let length = 0; length < bytes.length - 1; length += 1)
    assert.equal(typeof again((copy) => copy.subarray(0, length)), 'string')
})

test('replaying words or whole turns gives the verdict of the request, under any rules', () => {
  const [first, ...others] = book.rules
  assert.ok(first)
  const changed = classifierOf(
    { ...book, rules: [{ ...first, patterns: ['\\bwhy\\b'] }, ...others] },
    weights,
  )
  const lists = printsOf(book)
  for (const classifier of [live, changed]) {
    const replayer = classifier.replayer([])
    const check = (messages: readonly Message[]) => {
      const { turns, alone, more } = live.record(messages)
      const words = turns.map(({ excerpt, units, turnsBack }) => ({ text: excerpt, units, turnsBack }))
      const judged = replayer.fromWords({ turns: words, alone, more }, lists)
      assert.ok(judged === 'beyond' || isSame(judged, classifier.classify(messages)))
      const said = messages.filter(({ role }) => role === 'user').map(({ content }) => String(content))
      const heard = replayer.fromTurns({ turns: said.toReversed(), alone, more: false })
      assert.ok(isSame(heard, classifier.classify(messages)))
    }
    for (const messages of scripted) check(messages)
    fc.assert(fc.property(conversations, check), { numRuns: 200 })
  }
  assert.equal(
    live.replayer([]).fromWords({ turns: [], alone: true, more: false }, { ...lists, scaffolding: 0 }),
    'scaffolding',
  )
})

/** The cache of the last reading must not matter: two requests may be judged before the first is recorded. */
test('the recording of a request does not depend on what was judged before it', () => {
  const fresh = classifierOf(book, weights)
  fc.assert(
    fc.property(fc.array(conversations, { minLength: 1, maxLength: 3 }), (some) => {
      for (const messages of some) live.classify(messages)
      for (const messages of some) {
        const recorded = live.record([...messages]).features()
        assert.ok(live.record(messages).features().equals(recorded))
        assert.ok(fresh.record(messages).features().equals(recorded))
      }
    }),
    { numRuns: 60 },
  )
})
