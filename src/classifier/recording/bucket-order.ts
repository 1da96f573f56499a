import { BUCKETS } from '../model/features.ts'

/** A bucket is sorted as digits of this many bits: few enough that counting them costs less than the buckets do. */
const DIGIT_BITS = 7
const DIGITS = 2 ** DIGIT_BITS
const BUCKET_BITS = Math.ceil(Math.log2(BUCKETS))

/**
 * Sorts buckets by radix, lowest digit first. For a few hundred distinct numbers this takes a tenth of the
 * time of a comparison sort. It owns its memory: results are valid until the next call.
 */
export class BucketOrder {
  readonly #ends = new Uint16Array(DIGITS)
  #sorted: Int32Array
  #spare: Int32Array

  /** `most` is the maximum number of buckets per call, less than 65,536. */
  constructor(most: number) {
    this.#sorted = new Int32Array(most)
    this.#spare = new Int32Array(most)
  }

  /** The buckets from `from` to `to`, ascending. */
  sorted(buckets: Int32Array, from: number, to: number): Int32Array {
    const count = to - from
    this.#sorted.set(buckets.subarray(from, to))
    for (let shift = 0; shift < BUCKET_BITS; shift += DIGIT_BITS) this.#sortBy(shift, count)
    return this.#sorted.subarray(0, count)
  }

  #sortBy(shift: number, count: number): void {
    const from = this.#sorted
    const to = this.#spare
    const ends = this.#ends.fill(0)
    for (let index = 0; index < count; index += 1) {
      const digit = ((from[index] ?? 0) >>> shift) & (DIGITS - 1)
      ends[digit] = (ends[digit] ?? 0) + 1
    }
    let sum = 0
    for (let digit = 0; digit < DIGITS; digit += 1) {
      sum += ends[digit] ?? 0
      ends[digit] = sum
    }
    // Backwards, so that the order by lower digits is kept.
    for (let index = count - 1; index >= 0; index -= 1) {
      const bucket = from[index] ?? 0
      const digit = (bucket >>> shift) & (DIGITS - 1)
      const place = (ends[digit] ?? 0) - 1
      ends[digit] = place
      to[place] = bucket
    }
    this.#sorted = to
    this.#spare = from
  }
}
