import { MOST, type NanoUsd, nanoUsd } from '../base/money.ts'
import type { Usage } from '../base/usage.ts'
import type { Price, Rates } from './price-book.ts'

/**
 * What an answer cost, rounded up to a nano-dollar once. Cached and cache-written tokens are parts of the input and
 * priced apart; reasoning tokens are part of the output and priced like it. `MOST` where the sum is too large to be
 * exact. Throws a RangeError on a count below 0 or not whole.
 */
export function costOf(usage: Usage, price: Price): NanoUsd {
  const rates = ratesAt(price, usage.inputTokens)
  // An upstream that reports more parts than whole is charged for the parts.
  const plain = Math.max(0, usage.inputTokens - usage.cachedTokens - usage.cacheWriteTokens)
  const pico =
    plain * rates.input +
    usage.cachedTokens * rates.cachedInput +
    usage.cacheWriteTokens * rates.cacheWrite +
    usage.outputTokens * rates.output
  return pico > Number.MAX_SAFE_INTEGER ? MOST : nanoUsd(ceilToNano(pico))
}

/** The rates a request of so many input tokens is billed at. */
export function ratesAt(price: Price, inputTokens: number): Rates {
  const { longPrompt } = price
  return longPrompt !== undefined && inputTokens > longPrompt.above ? longPrompt.rates : price
}

/** Pico-dollars to nano-dollars, upwards; NaN for what is not a sum of money: negative, broken or not exact. */
export function ceilToNano(pico: number): number {
  if (!Number.isSafeInteger(pico) || pico < 0) return Number.NaN
  const rest = pico % 1000
  return (pico - rest) / 1000 + (rest > 0 ? 1 : 0)
}
