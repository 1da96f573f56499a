import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import fc from 'fast-check'
import type { PlayedScenario } from '../../../src/cli/demo/columns.ts'
import { paletteFor } from '../../../src/cli/demo/paint.ts'
import { report } from '../../../src/cli/demo/report.ts'
import { SCENARIOS, type Scenario } from '../../../src/cli/demo/scenarios.ts'
import type { ShownLine } from '../../../src/cli/demo/shown-line.ts'
import { fit, widthOf, wrap } from '../../../src/cli/demo/text-width.ts'

const PLAIN = paletteFor({ stdout: process.stderr, env: { NO_COLOR: '1' } })
const LINE: ShownLine = {
  id: 'req_1',
  team: 'workshop',
  outcome: 'ok',
  error_code: null,
  class: 'stem_reasoning',
  confidence: 0.987,
  cause: 'model',
  evidence: { rules: [{ id: 'prove-en', class: 'stem_reasoning', weight: 2 }] },
  target: 'o1-mini',
  adapted: null,
  input_tokens: 1000,
  output_tokens: 234,
  cost_nusd: 2_129_600,
  baseline_nusd: 4_840_000,
}

function entryOf(scenario: Scenario, line: Partial<ShownLine> = {}): PlayedScenario {
  return { scenario, line: { ...LINE, ...line } }
}

const WIDTHS = [
  ['abc', 3],
  ['é', 1],
  ['e\u0301', 1],
  ['中文', 4],
  ['，。', 4],
  ['Ａ', 2],
  ['かな', 4],
  ['한글', 4],
  ['🙂', 2],
  ['👩‍👩‍👧', 2],
  ['❤️', 2],
  ['≈ … – ✓ √', 9],
  ['\u200b', 0],
] as const
for (const [text, width] of WIDTHS) {
  test(`${JSON.stringify(text)} takes ${width} columns`, () => assert.equal(widthOf(text), width))
}

test('text is cut before a wide character that does not fit entirely', () => {
  assert.equal(fit('鸡兔同笼', 6), '鸡兔… ')
  assert.equal(fit('鸡兔同笼', 8), '鸡兔同笼')
  assert.equal(fit('$1', 5, 'right'), '   $1')
})

test('fitted text has exactly the requested width, whatever it contains', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.array(fc.constantFrom('中', 'a', '🙂', '\n', 'é', '，')).map((parts) => parts.join('')),
  )
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 60 }), (sample, width) => {
      assert.equal(widthOf(fit(sample, width)), width)
    }),
  )
})

for (const columns of [48, 60, 80, 100, 111, 120]) {
  test(`at ${columns} columns every row of the demo fills the width, and no line exceeds it`, () => {
    const entries = SCENARIOS.map((scenario) => entryOf(scenario))
    const lines = report(entries, columns, PLAIN)
    const rows = lines.filter((line) => /^(prompt| {2}|≈|─)/.test(line))
    assert.equal(rows.length, SCENARIOS.length + 3)
    for (const row of rows) assert.equal(widthOf(row), columns, row)
    for (const line of lines) assert.ok(widthOf(line) <= columns, line)
  })
}

test('a narrow table drops figures rather than words of prompts', () => {
  const [scenario] = SCENARIOS
  assert.ok(scenario)
  const headOf = (columns: number) => report([entryOf(scenario)], columns, PLAIN)[0]?.split(/ {2,}/)
  assert.deepEqual(headOf(100), ['prompt (≈ streamed)', 'class', 'conf', 'model', 'why', 'tokens', 'cost'])
  assert.deepEqual(headOf(80), ['prompt (≈ streamed)', 'class', 'model', 'why', 'cost'])
  const row = report([entryOf(scenario)], 80, PLAIN).find((line) => line.includes('o1-mini'))
  assert.match(row ?? '', /^≈ Prove that √2 is irrati… {2}stem {6}o1-mini {6}prove-en {10}/)
})

test('wraps between words, and leaves a long word whole', () => {
  assert.deepEqual(wrap('one two three', 7), ['one two', 'three'])
  assert.deepEqual(wrap('a incomprehensible b', 4), ['a', 'incomprehensible', 'b'])
})

test('amounts are aligned at the decimal point', () => {
  const [scenario] = SCENARIOS
  assert.ok(scenario)
  const cheap = { cost_nusd: 12_345, baseline_nusd: 205_750 }
  const lines = report([entryOf(scenario), entryOf(scenario, cheap)], 120, PLAIN)
  const rows = lines.filter((line) => line.includes('o1-mini'))
  assert.deepEqual(
    rows.map((row) => row.slice(-20)),
    ['$0.002130  $0.004840', '$0.000012  $0.000206'],
  )
})

test('a refused request shows why, and no cost', () => {
  const [scenario] = SCENARIOS
  assert.ok(scenario)
  const refused: Partial<ShownLine> = {
    outcome: 'refused',
    error_code: 'insufficient_quota',
    target: null,
    cost_nusd: 0,
  }
  const row = report([entryOf(scenario, refused)], 120, PLAIN).find((line) => line.includes('refused'))
  assert.match(row ?? '', /refused {6}insufficient_quota {3,} –/)
  assert.ok(!(row ?? '').includes('$'))
})

const REASONS: readonly (readonly [string, Partial<Scenario>, Partial<ShownLine>, string])[] = [
  ['the heaviest rule of its class', {}, {}, 'prove-en'],
  ['the cause, where no rule fired', {}, { evidence: null }, 'model'],
  ['the cause, where a rule decided', {}, { cause: 'rule:solve-en' }, 'rule:solve-en'],
  ['how the body was bent', {}, { adapted: 'system->user, -temperature' }, 'system->user …'],
  ['the lowered cap', {}, { adapted: 'max_completion_tokens=370' }, 'output cap 370'],
  ['the rule, not the tier that nearly all get', {}, { adapted: 'service_tier=default' }, 'prove-en'],
  ['what kept o1-mini out', { mark: 'tools', expected: { notModel: 'o1-mini' } }, {}, 'tools: not o1-mini'],
]
for (const [what, scenario, line, reason] of REASONS) {
  test(`why: ${what}`, () => {
    const entry = entryOf({ group: 'English', prompt: 'Prove it.', ...scenario }, line)
    const row = report([entry], 120, PLAIN).find((each) => each.includes('Prove it.')) ?? ''
    assert.ok(row.includes(`  ${reason}  `), row)
  })
}

test('savings are measured against gpt-4o', () => {
  const [scenario] = SCENARIOS
  assert.ok(scenario)
  const lines = report([entryOf(scenario), entryOf(scenario)], 120, PLAIN)
  assert.equal(lines.at(-2), '2 requests answered for $0.004259; the same tokens on gpt-4o cost $0.009680.')
  assert.equal(lines.at(-1), 'Saved $0.005421, 56 %.')
})

test('only terminals that want colours get them, and they change no width', () => {
  const terminal = Object.assign(Object.create(process.stderr), { isTTY: true })
  const [scenario] = SCENARIOS
  assert.ok(scenario)
  const painted = report([entryOf(scenario)], 120, paletteFor({ stdout: terminal, env: {} }))
  const unwanted = report([entryOf(scenario)], 120, paletteFor({ stdout: terminal, env: { NO_COLOR: '1' } }))
  assert.notDeepEqual(painted, unwanted)
  assert.deepEqual(painted.map(stripVTControlCharacters), unwanted)
})
