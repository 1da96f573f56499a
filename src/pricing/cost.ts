import { MOST, type NanoUsd, nanoUsd } from '../base/money.ts'
import { MEDIA, type Usage } from '../base/usage.ts'
import type { Price, Rates } from './price-book.ts'

/**
 * What an answer cost, rounded up once to a nano-dollar. Cached and cache-written tokens are parts of the
 * input and priced separately, as are audio and image tokens with rates of their own. Reasoning and predicted
 * tokens, accepted or not, are part of the output and priced as output. `MOST` if the sum is too large to be
 * exact. Throws a RangeError on a negative or fractional count.
 */
export function costOf(usage: Usage, price: Price): NanoUsd {
  const rates = ratesAt(price, usage)
  let { inputTokens: input, cachedTokens: cached, outputTokens: output } = usage
  let pico = 0
  for (const medium of MEDIA) {
    const tokens = usage[medium]
    const own = rates[medium]
    if (tokens === undefined || own === undefined) continue
    pico += (tokens.input - tokens.cached) * own.input
    pico += tokens.cached * own.cachedInput + tokens.output * own.output
    input -= tokens.input
    cached -= tokens.cached
    output -= tokens.output
  }
  // An upstream that reports parts exceeding the whole is charged for the parts.
  const plain = Math.max(0, input - cached - usage.cacheWriteTokens)
  pico += plain * rates.input + cached * rates.cachedInput
  pico += usage.cacheWriteTokens * rates.cacheWrite + output * rates.output
  return pico > Number.MAX_SAFE_INTEGER ? MOST : nanoUsd(ceilToNano(pico))
}

/** The rates that apply: those of the tier that served, for a prompt of this length. */
function ratesAt(price: Price, { tier, inputTokens }: Usage): Rates {
  // A tier without its own rates is charged at the standard ones: no discount is guessed.
  const served = (tier && price.tiers?.[tier]) ?? price
  const { longPrompt } = served
  return longPrompt !== undefined && inputTokens > longPrompt.above ? longPrompt.rates : served
}

/** Pico-dollars to nano-dollars, rounded up; NaN for a negative, fractional or inexact amount. */
export function ceilToNano(pico: number): number {
  if (!Number.isSafeInteger(pico) || pico < 0) return Number.NaN
  const rest = pico % 1000
  return (pico - rest) / 1000 + (rest > 0 ? 1 : 0)
}
