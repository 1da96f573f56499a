/** Each first attempt earns so much of a retry: of a hundred, twenty may be tried again. */
const EARNED = 0.2
/** What may be saved up, and what there is at first: a short hiccup is ridden out. */
const MOST = 10

/**
 * Keeps retries from becoming a storm. Clients try again by themselves, three times three in all; an upstream that is
 * down would get the ninefold of what it could not bear before. Retries are paid from what first attempts have earned.
 */
export class RetryBudget {
  #left = MOST

  get left(): number {
    return this.#left
  }

  earn(): void {
    this.#left = Math.min(MOST, this.#left + EARNED)
  }

  /** Takes one retry. False when there is none left. */
  take(): boolean {
    if (this.#left < 1) return false
    this.#left -= 1
    return true
  }
}
