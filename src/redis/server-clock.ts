/** Interval between queries of Redis' time. Within it, clocks drift apart by far less than a millisecond. */
const REFRESH_MS = 10_000

/**
 * Estimates the time at Redis from its replies: never ahead of the actual time, and behind by at most the
 * duration of a reply. Because it errs on the early side, a call that was given up is never executed.
 */
export class ServerClock {
  readonly #ask: () => Promise<readonly (string | number)[]>
  #ahead = 0
  #asking: Promise<void> | undefined
  #refresh: NodeJS.Timeout | undefined

  constructor(ask: () => Promise<readonly (string | number)[]>) {
    this.#ask = ask
  }

  /** Milliseconds since the epoch at Redis. */
  now(): number {
    return performance.now() + this.#ahead
  }

  /**
   * Queries the time now and periodically from then on. Throws what the connection throws. Does not wait for
   * a query sent on an earlier connection.
   */
  async start(): Promise<void> {
    await this.#look()
    this.stop()
    this.#refresh = setInterval(() => this.adjust().catch(() => {}), REFRESH_MS)
    this.#refresh.unref()
  }

  /** Queries the time; concurrent callers share one query. */
  adjust(): Promise<void> {
    this.#asking ??= this.#look().finally(() => {
      this.#asking = undefined
    })
    return this.#asking
  }

  stop(): void {
    clearInterval(this.#refresh)
  }

  async #look(): Promise<void> {
    const asked = performance.now()
    const [seconds, micros] = await this.#ask()
    const heard = performance.now()
    const server = Number(seconds) * 1000 + Number(micros) / 1000
    // A slow reply says little: the previous estimate is kept while it is still consistent with the reply.
    if (this.#ahead < server - heard || this.#ahead > server - asked) this.#ahead = server - heard
  }
}
