/** How often Redis is asked for its time: clocks drift apart by far less than a millisecond until then. */
const REFRESH_MS = 10_000

/**
 * What time it is at Redis, from its own answers: at most that, less at most the time an answer took. Erring to the
 * early side, it never lets a call be carried out that was given up.
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
   * Asks now, and again and again from now on. Throws what the connection throws. What was asked on a connection before this
   * one is not waited for.
   */
  async start(): Promise<void> {
    await this.#look()
    this.stop()
    this.#refresh = setInterval(() => this.adjust().catch(() => {}), REFRESH_MS)
    this.#refresh.unref()
  }

  /** Asks for the time; who asks meanwhile gets the same answer. */
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
    // An answer that took long says little: what was known stays, as long as it may still be true.
    if (this.#ahead < server - heard || this.#ahead > server - asked) this.#ahead = server - heard
  }
}
