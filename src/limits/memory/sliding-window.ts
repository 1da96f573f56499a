/** The time no more than a limit may fall into. */
export const WINDOW_MS = 60_000

export const BUCKET_MS = 100
/** One more than the window needs: the running bucket is begun, and the oldest is counted until all of it is past. */
export const BUCKETS = WINDOW_MS / BUCKET_MS + 1

/**
 * Counts what happened in the last 60 seconds, in fixed memory. What is counted reaches back 60.0 to 60.1 seconds, so
 * a sum kept within a limit keeps every window of 60 seconds within it, and 99.8 % of the limit can be used.
 * Times are milliseconds of a clock that never goes back. Adding and summing are O(1), amortised.
 */
export class SlidingWindow {
  readonly #counts = new Float64Array(BUCKETS)
  /** Number of the running bucket since the clock's start. */
  #running = 0
  #newest = 0
  #sum = 0

  /** Everything counted that is not yet past. */
  sumAt(now: number): number {
    this.#advance(now)
    return this.#sum
  }

  add(amount: number, now: number): void {
    this.#advance(now)
    this.#change(this.#running, amount)
  }

  /** Changes what was counted at a moment. What is past by now is left alone. */
  correct(at: number, change: number, now: number): void {
    this.#advance(now)
    const bucket = Math.floor(at / BUCKET_MS)
    if (bucket > this.#running - BUCKETS) this.#change(bucket, change)
  }

  /** Milliseconds until the sum, if nothing is added, is at most `most`. */
  untilAtMost(most: number, now: number): number {
    this.#advance(now)
    let left = this.#sum
    let bucket = this.#running - BUCKETS + 1
    for (; left > most && bucket <= this.#running; bucket += 1) left -= this.#counts[slotOf(bucket)] ?? 0
    return left < this.#sum ? this.#leaves(bucket - 1) - now : 0
  }

  /** Milliseconds until nothing counted so far is left. */
  untilEmpty(now: number): number {
    return this.sumAt(now) === 0 ? 0 : this.#leaves(this.#newest) - now
  }

  #change(bucket: number, change: number): void {
    const slot = slotOf(bucket)
    this.#counts[slot] = (this.#counts[slot] ?? 0) + change
    this.#sum += change
    if (change > 0 && bucket > this.#newest) this.#newest = bucket
  }

  /** When a bucket is no longer counted. */
  #leaves(bucket: number): number {
    return (bucket + BUCKETS) * BUCKET_MS
  }

  #advance(now: number): void {
    const running = Math.floor(now / BUCKET_MS)
    if (running <= this.#running) return
    if (running - this.#running >= BUCKETS) {
      this.#counts.fill(0)
      this.#sum = 0
      this.#running = running
      return
    }
    while (this.#running < running) {
      this.#running += 1
      const slot = slotOf(this.#running)
      this.#sum -= this.#counts[slot] ?? 0
      this.#counts[slot] = 0
    }
  }
}

function slotOf(bucket: number): number {
  return ((bucket % BUCKETS) + BUCKETS) % BUCKETS
}
