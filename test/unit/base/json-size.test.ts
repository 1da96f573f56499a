import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { hasMoreValues } from '../../../src/base/json-size.ts'

/** Counts elements and members at any depth. */
function valuesIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  return Object.values(value).reduce<number>((sum, each) => sum + 1 + valuesIn(each), 0)
}

test('the values of a document are counted at any depth and in any formatting', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2, '\t'), (value, indent) => {
      const json = Buffer.from(JSON.stringify(value, null, indent))
      const count = valuesIn(value)
      assert.equal(hasMoreValues(json, count), false)
      if (count > 0) assert.equal(hasMoreValues(json, count - 1), true)
    }),
  )
})

test('nothing inside a string counts as a value, and bytes that are not JSON are still counted', () => {
  const code = JSON.stringify({ text: '[1,2,{"a":["\\",",[,' })
  assert.equal(hasMoreValues(Buffer.from(code), 1), false)
  for (const cut of ['', '"', '{"a', '{"a\\', '[[[[', ']]]]', '\\",{']) {
    assert.equal(hasMoreValues(Buffer.from(cut), 9), false, cut)
  }
  assert.equal(hasMoreValues(Buffer.from('[[[[[[[[[[[['), 3), true)
})
