import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { packTable, unpackTable } from '../../../src/classifier/model/packed-table.ts'

const PAIRS = 64
const pulls = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: -128, max: 127 }))
const tables = fc
  .array(pulls, { minLength: PAIRS * 2, maxLength: PAIRS * 2 })
  .map((steps) => Int8Array.from(steps))

test('a table is the same after packing and unpacking', () => {
  fc.assert(
    fc.property(tables, (table) => {
      assert.deepEqual(unpackTable(packTable(table), PAIRS), table)
    }),
    { numRuns: 300 },
  )
})

test('pairs of zeros take a bit', () => {
  assert.equal(packTable(new Int8Array(PAIRS * 2)).length, PAIRS / 8)
  assert.equal(packTable(Int8Array.of(...new Int8Array(PAIRS * 2 - 1), 5)).length, PAIRS / 8 + 2)
})

test('what is longer or shorter than its bits say is no table', () => {
  const packed = packTable(Int8Array.of(1, 0, ...new Int8Array(PAIRS * 2 - 2)))
  assert.equal(unpackTable(packed.subarray(0, -1), PAIRS), undefined)
  assert.equal(unpackTable(Buffer.concat([packed, Buffer.alloc(1)]), PAIRS), undefined)
  assert.equal(unpackTable(packed.subarray(0, 3), PAIRS), undefined)
})
