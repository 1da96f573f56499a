import type { Medium, ServiceTier } from '../base/usage.ts'

/** In pico-dollars (1e-12 USD) per token: 1 USD per million tokens is 1,000,000. */
export interface MediumRates {
  readonly input: number
  readonly cachedInput: number
  readonly output: number
}

/** Rates for text, and for media where they differ; a medium without rates costs as much as text. */
export interface Rates extends MediumRates, Readonly<Partial<Record<Medium, MediumRates>>> {
  readonly cacheWrite: number
}

/** The rates of one service tier. */
export interface TierPrice extends Rates {
  /** Some models charge the whole request at these rates once its prompt exceeds `above` tokens. */
  readonly longPrompt?: { readonly above: number; readonly rates: Rates }
}

/**
 * A model's prices on one day, for the standard tier and any priced differently. Integers, so that a
 * request's cost is summed exactly and rounded up once to a nano-dollar.
 */
export interface Price extends TierPrice {
  readonly tiers?: Readonly<Partial<Record<ServiceTier, TierPrice>>>
}

/** Prices by model and date. */
export interface PriceBook {
  /** The price in force at `at` (milliseconds since the epoch); undefined if unknown, which is not $0. */
  priceOf(model: string, at: number): Price | undefined
}

/** A price and when it takes effect, milliseconds since the epoch. */
export interface DatedPrice {
  readonly model: string
  readonly since: number
  readonly price: Price
}

/** Throws a RangeError if one model has two prices from the same moment. */
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
