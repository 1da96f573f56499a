import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BucketSet } from '../../../src/classifier/model/bucket-set.ts'

test('a bucket counts once per text, however many texts came before', () => {
  const seen = new BucketSet(64)
  for (let text = 0; text < 20_000; text += 1) {
    const buckets = Array.from({ length: 1 + (text % 64) }, (_, index) => (index * 4_096 + text) % 253_912)
    seen.begin(buckets.length)
    for (const bucket of buckets) assert.ok(seen.add(bucket))
    for (const bucket of buckets) assert.ok(!seen.add(bucket))
  }
})
