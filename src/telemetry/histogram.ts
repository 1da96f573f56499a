/** Counts of observations per bucket, as plain numbers, so that an observation costs a few additions. */
export class Histogram {
  /** Upper bounds in ascending order; larger values are counted too. */
  readonly bounds: readonly number[]
  /** Observations between a bound and the previous one; the last entry is for those above all bounds. */
  readonly counts: Float64Array
  sum = 0

  constructor(bounds: readonly number[]) {
    this.bounds = bounds
    this.counts = new Float64Array(bounds.length + 1)
  }

  observe(value: number): void {
    const { bounds, counts } = this
    let bucket = 0
    while (bucket < bounds.length && value > (bounds[bucket] ?? 0)) bucket += 1
    counts[bucket] = (counts[bucket] ?? 0) + 1
    this.sum += value
  }
}

/** Milliseconds to answer: from a cached word to long reasoning. */
export const ANSWER_MS = [50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 120_000, 300_000]

/** Milliseconds of our own work, and of the stores'. */
export const OWN_MS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 1_000]

/** Calibrated confidence, finer where it decides whether a verdict is trusted. */
export const CONFIDENCE = [0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1]
