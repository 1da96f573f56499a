/** The length of the window that limits apply to. */
export const WINDOW_MS = 60_000

export const BUCKET_MS = 100
/** One extra: the current bucket is partial, and the oldest counts until it has expired completely. */
export const BUCKETS = WINDOW_MS / BUCKET_MS + 1

/**
 * Counts what happened in the last 60 seconds, in fixed memory. It looks back 60.0 to 60.1 seconds, so a sum
 * within a limit keeps every 60-second window within it, and 99.8 % of the limit is usable. Times are
 * milliseconds of a monotonic clock. Adding and summing are O(1), amortised.
 */
export class SlidingWindow {
  readonly #counts = new Float64Array(BUCKETS)
  /** Index of the current bucket, counted from the clock's start. */
  #running = 0
  #newest = 0
  #sum = 0

  /** The sum of everything counted that has not expired. */
  sumAt(now: number): number {
    this.#advance(now)
    return this.#sum
  }

  add(amount: number, now: number): void {
    this.#advance(now)
    this.#change(this.#running, amount)
  }

  /** Corrects what was counted at a given time. Expired buckets are left alone. */
  correct(at: number, change: number, now: number): void {
    this.#advance(now)
    const bucket = Math.floor(at / BUCKET_MS)
    if (bucket > this.#running - BUCKETS) this.#change(bucket, change)
  }

  /** Milliseconds until the sum is at most `most`, if nothing is added. */
  untilAtMost(most: number, now: number): number {
    this.#advance(now)
    let left = this.#sum
    let bucket = this.#running - BUCKETS + 1
    for (; left > most && bucket <= this.#running; bucket += 1) left -= this.#counts[slotOf(bucket)] ?? 0
    return left < this.#sum ? this.#leaves(bucket - 1) - now : 0
  }

  /** Milliseconds until everything counted so far has expired. */
  untilEmpty(now: number): number {
    return this.sumAt(now) === 0 ? 0 : this.#leaves(this.#newest) - now
  }

  #change(bucket: number, change: number): void {
    const slot = slotOf(bucket)
    this.#counts[slot] = (this.#counts[slot] ?? 0) + change
    this.#sum += change
    if (change > 0 && bucket > this.#newest) this.#newest = bucket
  }

  /** When a bucket expires. */
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
