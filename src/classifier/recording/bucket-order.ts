import { BUCKETS } from '../model/features.ts'

/** A bucket is sorted as two digits of this many bits. */
const DIGIT_BITS = 9
const DIGITS = 2 ** DIGIT_BITS

/**
 * Sorts buckets by radix, lower digit first. For a few hundred distinct numbers this takes a tenth of the
 * time of a comparison sort. It owns its memory: results are valid until the next call.
 */
export class BucketOrder {
  readonly #lows = new Uint16Array(DIGITS)
  readonly #highs = new Uint16Array(Math.ceil(BUCKETS / DIGITS))
  readonly #byLow: Int32Array
  readonly #sorted: Int32Array

  /** `most` is the maximum number of buckets per call, less than 65,536. */
  constructor(most: number) {
    this.#byLow = new Int32Array(most)
    this.#sorted = new Int32Array(most)
  }

  /** The buckets from `from` to `to`, ascending. */
  sorted(buckets: Int32Array, from: number, to: number): Int32Array {
    const lows = this.#lows.fill(0)
    const highs = this.#highs.fill(0)
    const byLow = this.#byLow
    const sorted = this.#sorted
    const count = to - from
    for (let index = from; index < to; index += 1) {
      const bucket = buckets[index] ?? 0
      lows[bucket & (DIGITS - 1)] = (lows[bucket & (DIGITS - 1)] ?? 0) + 1
      highs[bucket >>> DIGIT_BITS] = (highs[bucket >>> DIGIT_BITS] ?? 0) + 1
    }
    addUp(lows)
    addUp(highs)
    // Backwards, so that the sort is stable.
    for (let index = to - 1; index >= from; index -= 1) {
      const bucket = buckets[index] ?? 0
      const place = (lows[bucket & (DIGITS - 1)] ?? 0) - 1
      lows[bucket & (DIGITS - 1)] = place
      byLow[place] = bucket
    }
    for (let index = count - 1; index >= 0; index -= 1) {
      const bucket = byLow[index] ?? 0
      const place = (highs[bucket >>> DIGIT_BITS] ?? 0) - 1
      highs[bucket >>> DIGIT_BITS] = place
      sorted[place] = bucket
    }
    return sorted.subarray(0, count)
  }
}

/** Turns counts into exclusive ends. */
function addUp(counts: Uint16Array): void {
  let sum = 0
  for (let digit = 0; digit < counts.length; digit += 1) {
    sum += counts[digit] ?? 0
    counts[digit] = sum
  }
}
