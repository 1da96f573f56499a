import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { BUCKETS, MOST_FEATURES } from '../../../src/classifier/model/features.ts'
import { BitReader } from '../../../src/classifier/recording/bit-reader.ts'
import { BitWriter } from '../../../src/classifier/recording/bit-writer.ts'
import { readBuckets, writeBuckets } from '../../../src/classifier/recording/bucket-code.ts'
import { BucketOrder } from '../../../src/classifier/recording/bucket-order.ts'

const bucket = fc.oneof(
  fc.integer({ min: 0, max: BUCKETS - 1 }),
  fc.integer({ min: 0, max: 40 }),
  fc.integer({ min: BUCKETS - 40, max: BUCKETS - 1 }),
)
const sets = fc.array(fc.uniqueArray(bucket, { maxLength: 120 }), { minLength: 1, maxLength: 3 })

test('sets of buckets in any order read back sorted, one set after another', () => {
  const order = new BucketOrder(MOST_FEATURES)
  const bits = new BitWriter()
  const reader = new BitReader()
  fc.assert(
    fc.property(sets, (some) => {
      const all = Int32Array.from(some.flat())
      let from = 0
      for (const { length } of some) {
        writeBuckets(bits, order.sorted(all, from, from + length))
        from += length
      }
      reader.openBase64(bits.take().toString('base64'))
      for (const set of some) {
        const read = new Int32Array(MOST_FEATURES)
        const end = readBuckets(reader, read, 0)
        assert.deepEqual(
          [...read.subarray(0, end)],
          set.toSorted((a, b) => a - b),
        )
      }
      assert.equal(reader.overrun, false)
    }),
    { numRuns: 300 },
  )
})
