import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { ConfigError } from '../../../src/config/file/config-error.ts'
import { parseYaml, valuesOf } from '../../../src/config/file/document.ts'
import type { Environment } from '../../../src/config/file/environment.ts'
import { addKey, removeKey, rotateKey } from '../../../src/config/file/key-file.ts'
import { type Parsed, parseFile } from '../../../src/config/file/parse.ts'
import { type KnownTeams, linesOfTeam, valuesByTeam } from '../../../src/config/file/teams-text.ts'
import { Settings } from '../../../src/config/schema/schema.ts'
import { problemsOf, sample, write } from './sample.ts'

/** Teams as people write them, each on lines of its own. */
const SHAPES = [
  '  NAME: {}\n',
  '  NAME:\n',
  '  NAME: # of a person\n    routing: off # for now\n\n',
  '  NAME:\n    budgets:\n      - { usd: 5, per: day }\n    keys:\n    - id: a\n      sha256: "00"\n# a comment\n',
  '  NAME: { budgets: [ { usd: 1, per: month } ], keys: [ { id: a, sha256: "00", expires: 2030-01-01 } ] }\n',
  '  NAME:\n    keys: [\n      { id: "a", sha256: \'00\' }, # the first\n    ]\n    models: [a,\n      b]\n',
  '  NAME:\n    keys: [] # none\n    note: >-\n      folded\n      text: here\n    other: |+\n      kept\n\n',
] as const

/** More than enough teams for them to be read one by one. */
const MANY = Array.from({ length: 104 }, (_, number) => `team-${number}`)
const whole = `${sample('log: { level: warn }\nteams:\n')}${MANY.map((name, number) =>
  (SHAPES[number % SHAPES.length] ?? '').replace('NAME', name),
).join('')}alerts: {}\n`

const plain = `${sample('teams:\n')}${MANY.map((name) => `  ${name}: {}\n`).join('')}`

/** All values, read team by team, with those that are known; undefined if that cannot be done. */
function readByTeam(text: string, teams?: KnownTeams) {
  const read = valuesByTeam(text, teams)
  if (read === undefined) return undefined
  const unknown = Object(read.values.teams)
  const completed = read.complete(unknown)
  return { ...completed, values: { ...read.values, teams: completed.teams }, unknown: Object.keys(unknown) }
}

function valuesOfWhole(text: string): unknown {
  try {
    return valuesOf(parseYaml('x.yaml', text))
  } catch (error) {
    if (error instanceof ConfigError) return 'an error'
    throw error
  }
}

test('teams are read one by one as they would be with everything around them', () => {
  for (const text of [whole, whole.replaceAll('\n', '\r\n'), `\uFEFF# first\n${whole}`, whole.trimEnd()]) {
    assert.deepEqual(readByTeam(text)?.values, valuesOfWhole(text))
  }
})

test('whatever is wrong or unusual in a text, teams are read one by one only if that comes to the same', () => {
  const damage = fc.record({
    at: fc.nat(whole.length - 1),
    cut: fc.nat(12),
    put: fc.oneof(
      fc.stringMatching(/^[\n\t\r :,[\]{}&*!|>'"%@`#$?a1~-]{0,4}$/),
      fc.constantFrom(
        '\n  team-7: {}\n',
        '\n  ? a\n  : b\n',
        ' &a 1',
        '\n--- \n',
        '\n  "x": {\n',
        '\n  __proto__: {}\n',
      ),
    ),
  })
  fc.assert(
    fc.property(damage, ({ at, cut, put }) => {
      const text = whole.slice(0, at) + put + whole.slice(at + cut)
      const read = readByTeam(text)
      if (read !== undefined) assert.deepEqual(read.values, valuesOfWhole(text))
    }),
    { numRuns: 60 },
  )
})

// Each key made in the console parsed all teams four times.
test('teams that are known by their text are not read again', () => {
  const first = readByTeam(whole)
  assert.equal(first?.unknown.length, MANY.length)
  const text = whole.replace('  team-60:', '  new: {}\n  team-60:')
  const second = readByTeam(text, first.known)
  assert.ok(second !== undefined)
  assert.deepEqual(second.values, valuesOfWhole(text))
  assert.ok(second.unknown.includes('new') && second.unknown.length < MANY.length)
  assert.deepEqual(readByTeam(text, second.known)?.unknown, [])
})

test('teams are read again where the environment is another', () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what people write in the file.
  const text = plain.replace('team-60: {}', 'team-60: { routing: "${ROUTING}" }')
  const routingWith = (env: Environment, known?: Parsed<Settings>['known']) => {
    const parsed = parseFile(Settings, { file: 'f.yaml', text, env, known })
    return { ...parsed, routing: parsed.value.teams['team-60']?.routing }
  }
  const first = routingWith({ ROUTING: 'off' })
  assert.deepEqual([first.routing, Object.keys(first.value.teams)], ['off', MANY])
  assert.equal(routingWith({ ROUTING: 'always' }, first.known).routing, 'always')
  assert.equal(routingWith({ ROUTING: 'off' }).value.teams['team-7']?.when_exhausted, 'refuse')
})

test('a problem in a file with many teams is reported at its line, whether they are known or not', () => {
  const env = {}
  const { known } = parseFile(Settings, { file: 'f.yaml', text: plain, env })
  assert.ok(known !== undefined)
  const text = plain.replace(
    '  team-60: {}',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what people write in the file.
    '  team-60: { routing: of, limits: { concurrent: "${NOWHERE}" } }',
  )
  const reported = [undefined, known].map((before) =>
    problemsOf(() => parseFile(Settings, { file: 'f.yaml', text, env, known: before })),
  )
  const line = text.split('\n').findIndex((each) => each.startsWith('  team-60:')) + 1
  assert.deepEqual(reported[0], reported[1])
  assert.deepEqual(reported[0], [
    `${line}: teams.team-60.limits.concurrent: environment variable NOWHERE is not set`,
    `${line}: teams.team-60.routing: expected one of always, auto_only, off; did you mean "off"?`,
  ])
})

const KEY = { id: 'k', sha256: 'a'.repeat(64) }
const RENEWED = { sha256: 'b'.repeat(64), oldServesUntil: '2030-01-01T00:00:00.000Z' }

for (const ends of ['\n', '\r\n']) {
  test(`a team's lines are edited by themselves as within the whole, with ${JSON.stringify(ends)}`, (t) => {
    const text = whole.replaceAll('\n', ends)
    const [alone, within] = [write(t, text), write(t, text)]
    const edit = (file: string, check?: () => void) => {
      for (const team of MANY.slice(-SHAPES.length)) {
        addKey(file, team, KEY, check)
        rotateKey(file, { team, id: 'k', ...RENEWED }, check)
        removeKey(file, team, 'a', check)
      }
    }
    edit(alone, () => undefined)
    edit(within)
    assert.ok(linesOfTeam(text, MANY.at(-1) ?? '') !== undefined)
    assert.equal(readFileSync(alone, 'utf8'), readFileSync(within, 'utf8'))
  })
}

// A key was said to be revoked in a file that somebody else had broken while the lock was waited for.
test('what is checked is the text that the edit changes, and what the check refuses is not written', (t) => {
  const file = write(t, plain)
  const check = (text: string) => {
    assert.equal(text, readFileSync(file, 'utf8'))
    throw new ConfigError([{ file, line: 1, path: '', message: 'broken' }])
  }
  assert.deepEqual(
    problemsOf(() => addKey(file, 'team-1', KEY, check)),
    ['1: : broken'],
  )
  assert.equal(readFileSync(file, 'utf8'), plain)
})

test('an edit that is refused says where in the whole file', (t) => {
  const file = write(t, plain)
  addKey(file, 'team-60', KEY, () => undefined)
  const text = readFileSync(file, 'utf8')
  const line = text.split('\n').findIndex((each) => each.startsWith('  team-60:')) + 1
  assert.deepEqual(
    problemsOf(() => addKey(file, 'team-60', KEY, () => undefined)),
    [`${line}: teams.team-60.keys: key "k" already exists`],
  )
  writeFileSync(file, text.replace('  team-60:', '  team-60: &a'))
  assert.match(
    problemsOf(() => removeKey(file, 'team-60', 'k', () => undefined)).join(),
    /YAML anchor or alias/,
  )
})
