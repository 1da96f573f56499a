import { perMedium, SERVICE_TIERS } from '../base/usage.ts'
import type { MediumRates, Price, Rates, TierPrice } from './price-book.ts'

/** A vendor's list price: US dollars per million tokens. Keys as in the catalogue, `config/models.yaml`. */
export interface ListedMedium {
  readonly input: number
  readonly cached_input?: number | undefined
  readonly output: number
}

/** With prices of their own, where there are any: prompts written to a cache, audio, images. */
export interface ListedRates extends ListedMedium {
  readonly cache_write?: number | undefined
  readonly audio?: ListedMedium | undefined
  readonly image?: ListedMedium | undefined
}

export interface ListedTier extends ListedRates {
  readonly long_prompt?: (ListedRates & { readonly above: number }) | undefined
}

export interface ListedPrice extends ListedTier {
  readonly batch?: ListedTier | undefined
  readonly flex?: ListedTier | undefined
  readonly priority?: ListedTier | undefined
}

const PICO_PER_TOKEN = 1_000_000

/** Whether an amount of US dollars per million tokens is a whole number of pico-dollars per token. */
export function isExactRate(usdPerMillion: number): boolean {
  const pico = Math.round(usdPerMillion * PICO_PER_TOKEN)
  // Dividing back yields the double closest to the decimal number, which equals the input only if nothing was
  // lost.
  return Number.isSafeInteger(pico) && pico >= 0 && pico / PICO_PER_TOKEN === usdPerMillion
}

/**
 * Converts a vendor's list price. Anything without a discount or fee of its own costs as much as input. A
 * tier without rates for long prompts gets the dearer of its own rates and the standard tier's long-prompt
 * rates.
 *
 * Exact or refused: throws a RangeError naming the key whose amount is negative, too large, or finer than a
 * pico-dollar per token.
 */
export function priceOfList(list: ListedPrice): Price {
  const standard = tierPrice(list)
  const tiers: { -readonly [T in keyof NonNullable<Price['tiers']>]: TierPrice } = {}
  for (const tier of SERVICE_TIERS) {
    const listed = list[tier]
    if (listed !== undefined) tiers[tier] = withLongPrompt(tierPrice(listed), standard)
  }
  return Object.keys(tiers).length === 0 ? standard : { ...standard, tiers }
}

function withLongPrompt(tier: TierPrice, { longPrompt }: TierPrice): TierPrice {
  if (longPrompt === undefined || tier.longPrompt !== undefined) return tier
  return { ...tier, longPrompt: { above: longPrompt.above, rates: dearer(tier, longPrompt.rates) } }
}

function tierPrice(listed: ListedTier): TierPrice {
  const long = listed.long_prompt
  if (long === undefined) return rates(listed)
  return { ...rates(listed), longPrompt: { above: long.above, rates: rates(long) } }
}

function rates(listed: ListedRates): Rates {
  const { input, cache_write: cacheWrite = input } = listed
  const media = perMedium((medium) => listed[medium] && mediumRates(listed[medium]))
  return { ...mediumRates(listed), cacheWrite: picoPerToken('cache_write', cacheWrite), ...media }
}

function mediumRates({ input, cached_input: cached = input, output }: ListedMedium): MediumRates {
  return {
    input: picoPerToken('input', input),
    cachedInput: picoPerToken('cached_input', cached),
    output: picoPerToken('output', output),
  }
}

function picoPerToken(key: string, usdPerMillion: number): number {
  if (isExactRate(usdPerMillion)) return Math.round(usdPerMillion * PICO_PER_TOKEN)
  throw new RangeError(
    `${key}: ${usdPerMillion} USD per million tokens is not a whole number of pico-dollars`,
  )
}

function dearer(a: Rates, b: Rates): Rates {
  const media = perMedium((medium) => {
    // If only one of them prices a medium, the other charges it as text.
    const isPriced = a[medium] !== undefined || b[medium] !== undefined
    return isPriced ? dearerMedium(a[medium] ?? a, b[medium] ?? b) : undefined
  })
  return { ...dearerMedium(a, b), cacheWrite: Math.max(a.cacheWrite, b.cacheWrite), ...media }
}

function dearerMedium(a: MediumRates, b: MediumRates): MediumRates {
  return {
    input: Math.max(a.input, b.input),
    cachedInput: Math.max(a.cachedInput, b.cachedInput),
    output: Math.max(a.output, b.output),
  }
}
