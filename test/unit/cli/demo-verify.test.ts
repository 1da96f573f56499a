import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PromptClass } from '../../../src/base/prompt-class.ts'
import type { PlayedScenario } from '../../../src/cli/demo/columns.ts'
import type { Played } from '../../../src/cli/demo/play.ts'
import type { Expected } from '../../../src/cli/demo/scenarios.ts'
import type { ShownLine } from '../../../src/cli/demo/shown-line.ts'
import { surprises } from '../../../src/cli/demo/verify.ts'

interface Case {
  readonly played: Played
  readonly entry: PlayedScenario
}

function served(id: string, promptClass: PromptClass, model: string, expected: Expected = {}): Case {
  const scenario = { group: 'English', prompt: id, expected }
  const line: ShownLine = {
    id,
    team: 'workshop',
    outcome: 'ok',
    error_code: null,
    class: promptClass,
    confidence: 0.9,
    cause: 'model',
    evidence: null,
    target: model,
    adapted: null,
    input_tokens: 1,
    output_tokens: 1,
    cost_nusd: 10,
    baseline_nusd: 20,
  }
  return {
    played: { scenario, team: 'workshop', id, status: 200, code: undefined, model, words: 'Yes.' },
    entry: { scenario, line },
  }
}

function refused(): Case {
  const { played, entry } = served('last', 'stem_reasoning', 'o1-mini')
  const line: ShownLine = { ...entry.line, team: 'pocket', outcome: 'refused', cost_nusd: 0 }
  const scenario = { ...played.scenario, group: 'A team with half a cent' }
  return {
    played: { ...played, scenario, status: 429, code: 'insufficient_quota', model: undefined },
    entry: { scenario, line },
  }
}

const WELL: readonly Case[] = [
  served('a', 'stem_reasoning', 'o1-mini', { model: 'o1-mini', cause: 'model' }),
  served('b', 'factual_recall', 'gpt-4o-mini'),
  served('c', 'language_heavy', 'gpt-4o', { notModel: 'o1-mini' }),
  refused(),
]

function surprisesOf(cases: readonly Case[], billed = 30): readonly string[] {
  return surprises(
    cases.map(({ played }) => played),
    cases.map(({ entry }) => entry),
    billed,
  )
}

/** All is well except for the first request. */
function withFirst(first: Case): readonly Case[] {
  return [first, ...WELL.slice(1)]
}

test('nothing is reported when everything is as expected', () => {
  assert.deepEqual(surprisesOf(WELL), [])
})

const first = served('a', 'stem_reasoning', 'o1-mini')
const WRONG: readonly (readonly [string, readonly Case[], RegExp])[] = [
  [
    'another model',
    withFirst(served('a', 'stem_reasoning', 'gpt-4o', { model: 'o1-mini' })),
    /"a" went to gpt-4o/,
  ],
  [
    'an incapable model',
    withFirst(served('a', 'stem_reasoning', 'o1-mini', { notModel: 'o1-mini' })),
    /"a" went to o1-mini/,
  ],
  [
    'another cause',
    withFirst(served('a', 'stem_reasoning', 'o1-mini', { cause: 'pinned' })),
    /"a": cause model/,
  ],
  [
    'a body left as it was',
    withFirst(served('a', 'stem_reasoning', 'o1-mini', { adapted: true })),
    /"a" was not adapted/,
  ],
  ['an empty answer', withFirst({ ...first, played: { ...first.played, words: '' } }), /"a" had no answer/],
  [
    'an error',
    withFirst({ ...first, played: { ...first.played, status: 502, code: 'x' } }),
    /"a" was refused: 502 x/,
  ],
  [
    'a header that lies',
    withFirst({ ...first, played: { ...first.played, model: 'gpt-9' } }),
    /the header says gpt-9/,
  ],
  ['a missing class', withFirst(served('a', 'language_heavy', 'gpt-4o')), /no request was stem_reasoning/],
  ['a budget that never refuses', WELL.slice(0, 3), /budget never refused/],
]
for (const [what, cases, said] of WRONG) {
  test(`${what} is reported`, () => {
    const found = surprisesOf(cases, 10 * cases.filter(({ entry }) => entry.line.outcome === 'ok').length)
    assert.equal(found.length, 1, found.join('\n'))
    assert.match(found[0] ?? '', said)
  })
}

test('a ledger that disagrees with the simulator’s bill is reported', () => {
  assert.deepEqual(surprisesOf(WELL, 31), ['the ledger sums to 30 nano-dollars, the simulator billed 31'])
})

test('a request without a ledger row is reported', () => {
  const found = surprises(
    WELL.map(({ played }) => played),
    WELL.slice(0, 3).map(({ entry }) => entry),
    30,
  )
  assert.deepEqual(found, ['"last" has no row in the ledger'])
})
