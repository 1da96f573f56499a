/** Pico-dollars (1e-12 USD) per token: `1 USD per million tokens` is 1,000,000. */
export interface Rates {
  readonly input: number
  readonly cachedInput: number
  readonly cacheWrite: number
  readonly output: number
}

/**
 * Prices of one model on one day. Integers, so that a request's cost is summed exactly and rounded up to a
 * nano-dollar once.
 */
export interface Price extends Rates {
  /** Some models charge the whole request at these rates once its prompt is longer than `above` tokens. */
  readonly longPrompt?: { readonly above: number; readonly rates: Rates }
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

/** What vendors print: US dollars per million tokens. Without a discount or a fee, that kind costs like input. */
export interface UsdPerMillion {
  readonly input: number
  readonly cachedInput?: number | undefined
  readonly cacheWrite?: number | undefined
  readonly output: number
}

/**
 * Makes a price of a vendor's list. Exact, or refused: throws a RangeError that names the field when an amount is
 * negative, too large, or finer than a pico-dollar per token.
 */
export function pricePerMillion(
  usd: UsdPerMillion & { readonly longPrompt?: (UsdPerMillion & { readonly above: number }) | undefined },
): Price {
  const { longPrompt } = usd
  if (longPrompt === undefined) return rates(usd)
  return { ...rates(usd), longPrompt: { above: longPrompt.above, rates: rates(longPrompt) } }
}

function rates(usd: UsdPerMillion): Rates {
  return {
    input: picoUsdPerToken('input', usd.input),
    cachedInput: picoUsdPerToken('cachedInput', usd.cachedInput ?? usd.input),
    cacheWrite: picoUsdPerToken('cacheWrite', usd.cacheWrite ?? usd.input),
    output: picoUsdPerToken('output', usd.output),
  }
}

const PICO_PER_TOKEN = 1_000_000

function picoUsdPerToken(field: string, usdPerMillion: number): number {
  const pico = Math.round(usdPerMillion * PICO_PER_TOKEN)
  // Dividing back gives the double nearest to the decimal number: the one its text was read as, or another number.
  if (!Number.isSafeInteger(pico) || pico < 0 || pico / PICO_PER_TOKEN !== usdPerMillion)
    throw new RangeError(
      `${field}: ${usdPerMillion} USD per million tokens is not a whole number of pico-dollars`,
    )
  return pico
}
