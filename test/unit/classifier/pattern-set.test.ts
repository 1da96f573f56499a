import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { RE2JS } from 're2js'
import { PatternError, partsOf, type Where } from '../../../src/classifier/patterns/pattern.ts'
import { faultsOf } from '../../../src/classifier/patterns/pattern-check.ts'
import { createFinder, tabulate } from '../../../src/classifier/patterns/pattern-set.ts'
import { plain } from '../../../src/classifier/patterns/spelling.ts'
import { createWholeFinder, tabulateWhole } from '../../../src/classifier/patterns/whole-set.ts'
import { readRuleBook } from '../../../src/config/classifier.ts'
import { RULES_FILE } from './specimen.ts'

const book = readRuleBook(RULES_FILE)
const anywhere = book.rules.flatMap(({ patterns }) => patterns)
const whole = book.follow_ups.flatMap(({ patterns }) => patterns)

/** The reference: what re2js finds, pattern by pattern. */
function plainly(patterns: readonly string[], where: Where): (text: string) => readonly number[] {
  const compiled = patterns.map((pattern) => partsOf(pattern, where).map((part) => RE2JS.compile(part)))
  return (text) => [
    ...compiled
      .entries()
      .flatMap(([index, parts]) => (parts.every((part) => part.test(text)) ? [index] : [])),
  ]
}

/** Compiles patterns as the program does. Where a whole text must match, each pattern is a list of its own. */
function compilePatterns(patterns: readonly string[], where: Where) {
  if (where === 'anywhere') return createFinder(patterns, tabulate(patterns))
  return createWholeFinder(tabulateWhole(patterns.map((pattern) => [pattern])))
}

function assertAlike(patterns: readonly string[], where: Where, texts: Iterable<string>): void {
  const find = compilePatterns(patterns, where)
  const findPlainly = plainly(patterns, where)
  for (const text of texts) assert.deepEqual(find(text), findPlainly(text), JSON.stringify(text))
}

/** The words and signs that the patterns consist of, metacharacters taken literally. */
const pieces = [
  ...new Set([...anywhere, ...whole].flatMap((pattern) => pattern.split(/[()|\\[\]?*+{}]|&&/))),
  ...[
    's',
    '0',
    '12',
    '=',
    '?',
    '？',
    '\n',
    "'",
    '😀',
    '\ud83d',
    '\ude00',
    '\u0000',
    '\u200f',
    'é',
    'e\u0301',
  ],
]
const pieced = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.constantFrom(' ', ' ', ',', '')), { maxLength: 12 })
  .map((some) => some.join(''))
const odd = fc.string({ unit: 'binary', maxLength: 40 })
const broken = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 })
  .map((units) => String.fromCharCode(...units))

test('rules match where re2js matches them, in all examples', () => {
  const texts = [...book.rules, ...book.follow_ups].flatMap(({ example, counter_example }) => [
    example,
    counter_example,
    `${example} ${counter_example}`,
    `${example}\n${example}`,
  ])
  assertAlike(anywhere, 'anywhere', ['', ...texts.map(plain)])
  assertAlike(whole, 'whole', ['', ...texts.map((text) => text.toLowerCase())])
})

test('rules match where re2js matches them, in any words in any order', () => {
  const finders = [
    [compilePatterns(anywhere, 'anywhere'), plainly(anywhere, 'anywhere'), plain],
    [compilePatterns(whole, 'whole'), plainly(whole, 'whole'), (text: string) => text],
  ] as const
  fc.assert(
    fc.property(fc.oneof({ arbitrary: pieced, weight: 6 }, odd, broken), (text) => {
      for (const [find, findPlainly, shown] of finders) {
        assert.deepEqual(find(shown(text)), findPlainly(shown(text)))
      }
    }),
    { numRuns: 300 },
  )
})

test('a list of patterns matches if any one of them does', () => {
  const lists = [
    ['a', 'b+', 'x.z'],
    ['ba?', '[a-y]'],
    ['', 'é😀?'],
  ]
  const find = createWholeFinder(tabulateWhole(lists))
  const compiled = lists.map((list) => plainly(list, 'whole'))
  const letters = fc.constantFrom('a', 'b', 'x', 'y', 'z', 'é', '😀', '\ud83d', '\ude00')
  fc.assert(
    fc.property(fc.array(letters, { maxLength: 4 }), (some) => {
      const text = some.join('')
      const expected = [
        ...compiled.entries().flatMap(([list, matching]) => (matching(text).length > 0 ? [list] : [])),
      ]
      assert.deepEqual(find(text), expected)
    }),
    { numRuns: 1_000 },
  )
})

test('anchors, classes, repeats and surrogate pairs mean what they mean to re2js', () => {
  const patterns = [
    ...[
      '^',
      '$',
      '^$',
      '^a',
      'a$',
      '^a|b$',
      '(^|b)a',
      'a(b|$)',
      'x*',
      '(a*)*b',
      'a{2,3}b',
      'a+?b',
      '.',
      '^.$',
      '^..$',
    ],
    ...[
      '[^a]b',
      '\\pL\\pN',
      '😀',
      '[😀😁]b',
      '[^b]😀',
      'a\\sb',
      '\\w+=',
      '(a|ab)(c|bcd)',
      '[a-c] && [0-9]',
      'a.c',
    ],
  ]
  const letters = fc.constantFrom('a', 'b', 'c', 'd', 'x', '1', '=', ' ', '\n', 'é', '😀', '\ud83d', '\ude00')
  const find = compilePatterns(patterns, 'anywhere')
  const findPlainly = plainly(patterns, 'anywhere')
  fc.assert(
    fc.property(fc.array(letters, { maxLength: 8 }), (some) => {
      assert.deepEqual(find(some.join('')), findPlainly(some.join('')))
    }),
    { numRuns: 2_000 },
  )
})

test('a match of any length is found', () => {
  const far = 'so '.repeat(2_000)
  assertAlike(['\\bred\\b.*\\bblue\\b', 'a[0-9]+b', '^ red[a-z ]*$'], 'anywhere', [
    ` red ${far} blue `,
    ` red ${far} blu `,
    ` red ${far}\n blue `,
    `a${'7'.repeat(5_000)}b`,
    `aa${'7'.repeat(126)}b`,
    `aa${'7'.repeat(127)}b`,
    ` red${far}`,
  ])
})

test('an adversarial text takes time linear in its length', () => {
  const find = compilePatterns(['a[a-z]*b'], 'anywhere')
  const start = performance.now()
  assert.deepEqual(find('a'.repeat(400_000)), [])
  // A quadratic search would take 80,000,000,000 steps.
  assert.ok(performance.now() - start < 20_000)
})

test('only patterns that are not understood or would be slow are refused', () => {
  const faults = faultsOf(
    ['\\bsum\\b', '(?i)k', 'a\\Bb', '(?m)^a', '(sum', '.*sum', '[a-z ]+ && sum'],
    'anywhere',
  )
  assert.deepEqual([...faults.keys()], [1, 2, 3, 4, 5, 6])
  assert.deepEqual(
    [...faultsOf(['\\bsum\\b', '.*sum', '[a-z ]+\\?', 'sum [0-9]+'], 'anywhere').keys()],
    [1, 2],
  )
  assert.match(faultsOf(['.*sum'], 'anywhere').get(0) ?? '', /^"\.\*sum": .* start it with a word/)
})

test('a pattern that is quick on ordinary text and slow on a long number is refused', () => {
  const faults = faultsOf(['[0-9]+, ?[0-9]+, ?_', '[0-9], ?[0-9]+, ?_', '一+ ?二'], 'anywhere')
  assert.deepEqual([...faults.keys()], [0, 2])
  assert.match(faults.get(0) ?? '', /from every character of "11111111…"/)
})

test('patterns that would need a huge automaton are refused', () => {
  assert.throws(() => compilePatterns(['[ab]*a[ab]{20}c'], 'anywhere'), PatternError)
})
