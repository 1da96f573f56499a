import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { KeptPrompt, parseKept } from '../../../src/capture/kept-prompt.ts'
import { DecisionLine, decisionLine } from '../../../src/ledger/decision-line.ts'

const anything = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.jsonValue(),
)

/** Objects that are mostly right, with a wrong value or a strange key now and then. */
function mostly(shape: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<unknown> {
  const disturbed = Object.fromEntries(
    Object.entries(shape).map(([name, value]) => [
      name,
      fc.oneof({ weight: 30, arbitrary: value }, anything),
    ]),
  )
  return fc.record({ ...disturbed, extra: anything }, { requiredKeys: [] })
}

const count = fc.option(fc.integer())
const words = fc.option(fc.string())
const kept = mostly({
  v: fc.constant(1),
  first: fc.string(),
  needs: mostly({
    for: fc.array(fc.constantFrom('stream', 'tools', 'vision', 'nothing')),
    bytes: fc.nat(),
    messages: fc.nat(),
    effort: fc.constant('low'),
  }),
  turns: fc.array(fc.string()),
  features: fc.string(),
  alone: fc.boolean(),
  more: fc.boolean(),
})
const decided = mostly({
  id: fc.string(),
  at: fc.double(),
  team: fc.string(),
  class: fc.constantFrom('stem_reasoning', 'factual_recall', 'language_heavy'),
  confidence: fc.double(),
  cause: fc.string(),
  rules_version: fc.string(),
  weights_version: fc.string(),
  target: words,
  input_tokens: count,
  cached_tokens: count,
  output_tokens: count,
  reasoning_tokens: count,
  cost_nusd: count,
  label: words,
  prompt: words,
})

test('the hand-written reader of kept prompts agrees with the schema', () => {
  fc.assert(
    fc.property(kept, (said) => {
      const json = JSON.stringify(said)
      assert.deepEqual(parseKept(json), KeptPrompt.safeParse(JSON.parse(json)).data)
    }),
    { numRuns: 2_000 },
  )
})

test('the hand-written reader of decided rows agrees with the schema on every known column', () => {
  fc.assert(
    fc.property(decided, (columns) => {
      const { data } = DecisionLine.safeParse(columns)
      const row = columns as Record<string, unknown>
      if (data === undefined) assert.throws(() => decisionLine(row))
      else {
        const read = { ...decisionLine(row) }
        assert.deepEqual({ ...read, ...data }, read)
      }
    }),
    { numRuns: 2_000 },
  )
})
