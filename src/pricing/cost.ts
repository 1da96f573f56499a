import { type NanoUsd, nanoUsd } from '../base/money.ts'
import type { Usage } from '../base/usage.ts'
import type { Price, Rates } from './price-book.ts'

/**
 * What an answer cost, rounded up to a nano-dollar once. Cached and cache-written tokens are parts of the input and
 * priced apart; reasoning tokens are part of the output and priced like it.
 * Throws a RangeError on counts that are not whole numbers, and on a sum too large to be exact.
 */
export function costOf(usage: Usage, price: Price): NanoUsd {
  const rates = ratesAt(price, usage.inputTokens)
  // An upstream that reports more parts than whole is charged for the parts.
  const plain = Math.max(0, usage.inputTokens - usage.cachedTokens - usage.cacheWriteTokens)
  return nanoUsd(
    ceilToNano(
      plain * rates.input +
        usage.cachedTokens * rates.cachedInput +
        usage.cacheWriteTokens * rates.cacheWrite +
        usage.outputTokens * rates.output,
    ),
  )
}

/** The rates a request of so many input tokens is billed at. */
export function ratesAt(price: Price, inputTokens: number): Rates {
  const { longPrompt } = price
  return longPrompt !== undefined && inputTokens > longPrompt.above ? longPrompt.rates : price
}

/** Pico-dollars to nano-dollars, upwards. Exact for safe integers; anything else comes out as no safe integer. */
export function ceilToNano(pico: number): number {
  if (!Number.isSafeInteger(pico)) return Number.NaN
  const rest = pico % 1000
  return (pico - rest) / 1000 + (rest > 0 ? 1 : 0)
}
