import { MOST, type NanoUsd, nanoUsd } from '../base/money.ts'
import { MEDIA, type Usage } from '../base/usage.ts'
import type { Price, Rates } from './price-book.ts'

/**
 * What an answer cost, rounded up to a nano-dollar once. Cached and cache-written tokens are parts of the input and
 * priced apart, like those of sound and images where they have rates of their own; reasoning tokens and predicted ones,
 * accepted or not, are part of the output and priced like it. `MOST` where the sum is too large to be exact. Throws
 * a RangeError on a count below 0 or not whole.
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
  // An upstream that reports more parts than whole is charged for the parts.
  const plain = Math.max(0, input - cached - usage.cacheWriteTokens)
  pico += plain * rates.input + cached * rates.cachedInput
  pico += usage.cacheWriteTokens * rates.cacheWrite + output * rates.output
  return pico > Number.MAX_SAFE_INTEGER ? MOST : nanoUsd(ceilToNano(pico))
}

/** The rates a request is billed at: those of the tier that served it, for a prompt of its length. */
function ratesAt(price: Price, { tier, inputTokens }: Usage): Rates {
  // A tier without rates of its own is charged at the standard ones: no discount is guessed.
  const served = (tier && price.tiers?.[tier]) ?? price
  const { longPrompt } = served
  return longPrompt !== undefined && inputTokens > longPrompt.above ? longPrompt.rates : served
}

/** Pico-dollars to nano-dollars, upwards; NaN for what is not a sum of money: negative, broken or not exact. */
export function ceilToNano(pico: number): number {
  if (!Number.isSafeInteger(pico) || pico < 0) return Number.NaN
  const rest = pico % 1000
  return (pico - rest) / 1000 + (rest > 0 ? 1 : 0)
}
