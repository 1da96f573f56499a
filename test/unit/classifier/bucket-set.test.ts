import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BucketSet } from '../../../src/classifier/model/bucket-set.ts'
import { BUCKETS } from '../../../src/classifier/model/features.ts'

test('a bucket is new once per text, whatever texts came before', () => {
  const seen = new BucketSet(BUCKETS)
  for (let text = 0; text < 2_000; text += 1) {
    const buckets = Int32Array.from(
      { length: 1 + (text % 64) },
      (_, index) => (index * 4_096 + text) % BUCKETS,
    )
    for (const bucket of buckets) assert.equal(seen.add(bucket), 1)
    for (const bucket of buckets) assert.equal(seen.add(bucket), 0)
    seen.clear(buckets, buckets.length)
  }
})
