/**
 * Prices of one model on one day, in pico-dollars (1e-12 USD) per token: `1 USD per million tokens` is 1,000,000.
 * Integers, so that a request's cost is summed exactly and rounded up to a nano-dollar once.
 */
export interface Price {
  readonly input: number
  readonly cachedInput: number
  readonly cacheWrite: number
  readonly output: number
}

/** Prices by model and date. */
export interface PriceBook {
  /** The price in force at `at` (milliseconds since the epoch); undefined where none is known: that is not $0. */
  priceOf(model: string, at: number): Price | undefined
}
