import type { Medium, ServiceTier } from '../base/usage.ts'

/** Pico-dollars (1e-12 USD) per token: `1 USD per million tokens` is 1,000,000. */
export interface MediumRates {
  readonly input: number
  readonly cachedInput: number
  readonly output: number
}

/** Rates of text, and of media where they differ: absent, a medium's tokens cost what text does. */
export interface Rates extends MediumRates, Readonly<Partial<Record<Medium, MediumRates>>> {
  readonly cacheWrite: number
}

/** The rates of one tier of service. */
export interface TierPrice extends Rates {
  /** Some models charge the whole request at these rates once its prompt is longer than `above` tokens. */
  readonly longPrompt?: { readonly above: number; readonly rates: Rates }
}

/**
 * Prices of one model on one day: of the standard tier, and of those that cost something else. Integers, so that a
 * request's cost is summed exactly and rounded up to a nano-dollar once.
 */
export interface Price extends TierPrice {
  readonly tiers?: Readonly<Partial<Record<ServiceTier, TierPrice>>>
}

/** Prices by model and date. */
export interface PriceBook {
  /** The price in force at `at` (milliseconds since the epoch); undefined where none is known: that is not $0. */
  priceOf(model: string, at: number): Price | undefined
}

/** A price and the moment it came into force, milliseconds since the epoch. */
export interface DatedPrice {
  readonly model: string
  readonly since: number
  readonly price: Price
}

/** Throws a RangeError when one model has two prices from the same moment on. */
export function createPriceBook(prices: Iterable<DatedPrice>): PriceBook {
  const newestFirst = new Map<string, DatedPrice[]>()
  for (const dated of prices) {
    const known = newestFirst.get(dated.model)
    if (known === undefined) newestFirst.set(dated.model, [dated])
    else if (known.every(({ since }) => since !== dated.since)) known.push(dated)
    else throw new RangeError(`two prices of ${dated.model} since ${new Date(dated.since).toISOString()}`)
  }
  for (const known of newestFirst.values()) known.sort((a, b) => b.since - a.since)
  return {
    priceOf: (model, at) => newestFirst.get(model)?.find(({ since }) => since <= at)?.price,
  }
}
