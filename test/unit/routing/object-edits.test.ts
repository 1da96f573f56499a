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

test('of keys that differ only in case from a field that is read, only the exact one goes upstream', () => {
  const cases: Readonly<Record<string, readonly [left: string, ...imitated: string[]]>> = {
    '{"max_tokens":5,"Max_Tokens":9, "n":1}': ['{"max_tokens":5,"n":1}', 'max_tokens'],
    '{"MAX_TOKENS":9,"max_tokens":5}': ['{"max_tokens":5}', 'max_tokens'],
    '{"N":8,"messages":[],"Max_Tokens":9}': ['{"messages":[]}', 'n', 'max_tokens'],
    '{"\\u004e":8,"n":1}': ['{"n":1}', 'n'],
    // Go takes the Kelvin sign for a k and the long s for an s.
    '{"max_to\u212aens":9,"max_token\u017f":9,"n":1}': ['{"n":1}', 'max_tokens'],
    '{"Seed":1,"n":1,"metadata":{"N":2}}': ['{"Seed":1,"n":1,"metadata":{"N":2}}'],
    '{"n":1,"n":2}': ['{"n":1,"n":2}'],
  }
  for (const [text, [left, ...imitated]] of Object.entries(cases)) {
    assert.deepEqual(withoutLookAlikes(text), { text: left, imitated })
  }
})

test('whatever the case of the keys, a parser that ignores it reads the values that were read', () => {
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

// Fuzzing found a Responses body `{}`, which says no model and nothing else: naming one in it broke the request.
test('what is added stands alone in an object that is empty, or that keeps nothing', () => {
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

test('an object whose members all go is an empty one', () => {
  const body = Buffer.from('[{"n":1,"seed":2}]')
  const root = new ObjectEdits(body, 1)
  root.drop('n')
  root.drop('seed')
  assert.equal(splice(body, root.edits()).toString(), '[{}]')
})
