import { BUCKETS } from '../model/features.ts'

/** A bucket is two digits of so many bits. */
const DIGIT_BITS = 9
const DIGITS = 2 ** DIGIT_BITS

/**
 * Puts buckets in order by their lower digit, then by their higher: a few hundred distinct numbers take a tenth of the
 * time that sorting them by comparison does. It owns its memory: what it gives out stands until the next call.
 */
export class BucketOrder {
  readonly #lows = new Uint16Array(DIGITS)
  readonly #highs = new Uint16Array(Math.ceil(BUCKETS / DIGITS))
  readonly #byLow: Int32Array
  readonly #sorted: Int32Array

  /** `most` is how many there may be at once, less than 65,536. */
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
    // From the last, so that what is alike in a digit keeps its order.
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

/** Counts become the places behind the last of each. */
function addUp(counts: Uint16Array): void {
  let sum = 0
  for (let digit = 0; digit < counts.length; digit += 1) {
    sum += counts[digit] ?? 0
    counts[digit] = sum
  }
}
