import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { membersOf, rootOf } from '../../../src/base/json-span.ts'
import { KnownKeys } from '../../../src/base/known-keys.ts'

test('a key is found by its own bytes and by no others', () => {
  const keys = new KnownKeys()
  const kept = Array.from({ length: 2_000 }, (_, index) => `key_${index * 7919}`)
  for (const key of kept) {
    const bytes = Buffer.from(`"${key}"`)
    keys.keep(bytes, 1, bytes.length - 1, key)
    assert.equal(keys.find(bytes, 1, bytes.length - 1), key)
  }
  for (const key of kept) {
    const bytes = Buffer.from(key)
    assert.ok([undefined, key].includes(keys.find(bytes, 0, bytes.length)))
  }
})

test('keys are read as JSON spells them, whatever was cached before', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('é', 'a\\b', 'model'))),
      (keys) => {
        const text = `{${keys.map((key) => `${JSON.stringify(key)}:1`).join(',')}}`
        const bytes = Buffer.from(text)
        assert.deepEqual(
          membersOf(bytes, rootOf(bytes)).map(({ key }) => key),
          keys,
        )
      },
    ),
    { numRuns: 2_000 },
  )
})
