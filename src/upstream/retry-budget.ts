/** Retries earned by each first attempt: out of a hundred requests, twenty may be retried. */
const EARNED = 0.2
/** The most that can be saved, and the initial balance: enough for a short outage. */
const MOST = 10

/**
 * Prevents retry storms. Clients retry by themselves, and three times three attempts would put nine times the
 * load on an upstream that is already failing. Retries are paid from what first attempts have earned.
 */
export class RetryBudget {
  #left = MOST

  get left(): number {
    return this.#left
  }

  earn(): void {
    this.#left = Math.min(MOST, this.#left + EARNED)
  }

  /** Takes one retry. False if none is left. */
  take(): boolean {
    if (this.#left < 1) return false
    this.#left -= 1
    return true
  }
}
