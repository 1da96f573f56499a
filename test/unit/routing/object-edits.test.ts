import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { rootOf, splice } from '../../../src/base/json-span.ts'
import { ObjectEdits } from '../../../src/routing/object-edits.ts'

const READ = new Set(['max_tokens', 'n', 'messages'])

function withoutLookAlikes(text: string) {
  const body = Buffer.from(text)
  const root = new ObjectEdits(body, rootOf(body))
  const imitated = root.dropLookAlikes(READ)
  return { text: splice(body, root.edits()).toString(), imitated }
}

test('keys that differ only in case from a field that is read do not go upstream', () => {
  const cases: Readonly<Record<string, readonly [left: string, ...imitated: string[]]>> = {
    '{"max_tokens":5,"Max_Tokens":9, "n":1}': ['{"max_tokens":5,"n":1}', 'max_tokens'],
    '{"MAX_TOKENS":9,"max_tokens":5}': ['{"max_tokens":5}', 'max_tokens'],
    '{"N":8,"messages":[],"Max_Tokens":9}': ['{"messages":[]}', 'n', 'max_tokens'],
    '{"\\u004e":8,"n":1}': ['{"n":1}', 'n'],
    // Go folds the Kelvin sign to k and the long s to s.
    '{"max_to\u212aens":9,"max_token\u017f":9,"n":1}': ['{"n":1}', 'max_tokens'],
    '{"Seed":1,"n":1,"metadata":{"N":2}}': ['{"Seed":1,"n":1,"metadata":{"N":2}}'],
    '{"n":1,"n":2}': ['{"n":1,"n":2}'],
  }
  for (const [text, [left, ...imitated]] of Object.entries(cases)) {
    assert.deepEqual(withoutLookAlikes(text), { text: left, imitated })
  }
})

test('a parser that ignores case reads the same values as the program', () => {
  const key = fc.constantFrom('max_tokens', 'Max_tokens', 'max_Tokens', 'n', 'N', 'seed', 'Seed')
  fc.assert(
    fc.property(fc.array(fc.tuple(key, fc.nat()), { maxLength: 8 }), (entries) => {
      const body = Object.fromEntries([['messages', []], ...entries])
      const left = JSON.parse(withoutLookAlikes(JSON.stringify(body)).text)
      const ignoringCase = Object.entries(left).map(([name, value]) => [name.toLowerCase(), value])
      for (const name of READ) {
        const values = ignoringCase.filter(([read]) => read === name).map(([, value]) => value)
        assert.deepEqual(values, Object.hasOwn(body, name) ? [body[name]] : [], name)
      }
      assert.equal(left.Seed, body.Seed)
    }),
  )
})

// Found by fuzzing: adding a model to the Responses body `{}` broke the request.
test('a member added to an object that is or becomes empty gets no stray comma', () => {
  const cases = [
    ['{}', [], '{"model":"a"}'],
    ['{ \n }', [], '{"model":"a" \n }'],
    ['{"n":1}', ['n'], '{"model":"a"}'],
    ['{ "n":1 , "seed":2 }', ['n', 'seed'], '{ "model":"a" }'],
    ['{"n":1,"seed":2}', ['n'], '{"seed":2,"model":"a"}'],
  ] as const
  for (const [text, dropped, left] of cases) {
    const body = Buffer.from(text)
    const root = new ObjectEdits(body, rootOf(body))
    for (const key of dropped) root.drop(key)
    root.set('model', '"a"')
    assert.equal(splice(body, root.edits()).toString(), left)
  }
})

test('an object whose members are all removed is left empty', () => {
  const body = Buffer.from('[{"n":1,"seed":2}]')
  const root = new ObjectEdits(body, 1)
  root.drop('n')
  root.drop('seed')
  assert.equal(splice(body, root.edits()).toString(), '[{}]')
})
