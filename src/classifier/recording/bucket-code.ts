import { BUCKETS } from '../model/features.ts'
import type { BitReader } from './bit-reader.ts'
import type { BitWriter } from './bit-writer.ts'

/** Bits of a count: a text has fewer features than that in a family. */
const COUNT_BITS = 13

/**
 * Sets of buckets in hardly more room than there is news in them (Golomb and Rice): sorted, each as its distance from
 * the one before, in as many low bits as such distances mostly have and the rest in ones. About 1.5 bits above log2 of
 * the mean distance, where 18 would be a bucket written out.
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

/** Reads a set into `buckets` from `start` on; answers where it ends. */
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

/** The mean distance of so many buckets × ln 2, of which the binary logarithm is the best number of low bits. */
function lowBits(count: number): number {
  return count === 0 ? 0 : Math.max(0, 31 - Math.clz32(Math.floor((BUCKETS * Math.LN2) / count)))
}
