import { BUCKETS } from '../model/features.ts'
import type { BitReader } from './bit-reader.ts'
import type { BitWriter } from './bit-writer.ts'

/** Bits of a count: each family has fewer features than this allows. */
const COUNT_BITS = 13

/**
 * Golomb-Rice coding of sets of buckets: sorted, each as its distance from the previous one, with the usual
 * size of such distances in low bits and the rest in unary. Takes about 1.5 bits more than log2 of the mean
 * distance, instead of 20 per plain bucket.
 */
export function writeBuckets(into: BitWriter, sorted: Int32Array): void {
  const { length } = sorted
  const low = lowBits(length)
  into.write(length, COUNT_BITS)
  let last = -1
  for (let index = 0; index < length; index += 1) {
    const bucket = sorted[index] ?? 0
    const distance = bucket - last - 1
    into.writeRice(distance, low)
    last = bucket
  }
}

/** Reads a set into `buckets` starting at `start`; returns its end. */
export function readBuckets(from: BitReader, buckets: Int32Array, start: number): number {
  const length = from.read(COUNT_BITS)
  const low = lowBits(length)
  const end = Math.min(buckets.length, start + length)
  let last = -1
  for (let index = start; index < end; index += 1) {
    last += ((from.readUnary() << low) | from.read(low)) + 1
    buckets[index] = last
  }
  return end
}

/** The optimal number of low bits: the binary logarithm of the mean distance × ln 2. */
function lowBits(count: number): number {
  return count === 0 ? 0 : Math.max(0, 31 - Math.clz32(Math.floor((BUCKETS * Math.LN2) / count)))
}
