/** How many observations were at most so large, for a few bounds; plain numbers, so that one more costs a few additions. */
export class Histogram {
  /** Upper bounds in ascending order; what is above the last is counted as well. */
  readonly bounds: readonly number[]
  /** Observations between a bound and the one before; the last place is for those above all bounds. */
  readonly counts: Float64Array
  sum = 0

  constructor(bounds: readonly number[]) {
    this.bounds = bounds
    this.counts = new Float64Array(bounds.length + 1)
  }

  observe(value: number): void {
    const { bounds, counts } = this
    let place = 0
    while (place < bounds.length && value > (bounds[place] ?? 0)) place += 1
    counts[place] = (counts[place] ?? 0) + 1
    this.sum += value
  }
}

/** Milliseconds an answer takes: from a cached word to an hour of thought. */
export const ANSWER_MS = [50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 120_000, 300_000]

/** Milliseconds of our own work, and of the stores'. */
export const OWN_MS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 1_000]

/** Calibrated confidence, finer where it matters whether a verdict is trusted. */
export const CONFIDENCE = [0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1]
