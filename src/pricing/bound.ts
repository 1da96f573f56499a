import { MOST, type NanoUsd, nanoUsd } from '../base/money.ts'
import type { PromptSize } from '../base/prompt-size.ts'
import type { Target } from '../base/target.ts'
import { MEDIA, SERVICE_TIERS } from '../base/usage.ts'
import { ceilToNano } from './cost.ts'
import { imageTokens } from './image-tokens.ts'
import type { Price, Rates, TierPrice } from './price-book.ts'

/**
 * Tokens the vendor adds per message and per request. Recorded: 4 per message including its role, 5 with a
 * name, 3 per request, and 7 more on o1-mini. These constants allow twice that.
 */
const TOKENS_PER_MESSAGE = 12
const TOKENS_PER_REQUEST = 24

/**
 * The most input tokens a prompt can be billed for. No BPE makes more tokens than there are UTF-8 bytes,
 * images have formulas, and anything else is bounded by the model's context, above which the upstream
 * refuses. Hosted tools make the model read again, up to the context each time.
 */
export function inputBound(size: PromptSize, target: Target): number {
  const rule = target.images
  const readings = size.readings ?? 1
  if (size.unbounded || readings > 1 || (size.images.length > 0 && rule === undefined))
    return target.context * readings
  let tokens = size.textBytes + size.messages * TOKENS_PER_MESSAGE + TOKENS_PER_REQUEST
  tokens += size.priorTokens ?? 0
  if (rule !== undefined) for (const image of size.images) tokens += imageTokens(image, rule)
  return Math.min(tokens, target.context)
}

/**
 * The most a request can cost: every input token at the dearest rate (a cache write may cost more than input,
 * audio more than text, an unrequested tier more than the standard one), and each of `n` answers as long as
 * `outputCap`. `MOST`, which no budget reaches, if the sum is too large to be exact.
 */
export function worstCase(price: Price, inputTokens: number, outputCap: number, n: number): NanoUsd {
  const rates = dearest(price, inputTokens)
  const nano = ceilToNano(inputTokens * rates.input + outputCap * n * rates.output)
  return Number.isNaN(nano) ? MOST : nanoUsd(nano)
}

/**
 * The largest output cap whose worst case is within `money`; -1 if the input alone exceeds it. If output is
 * free, the largest integer.
 */
export function capWithin(price: Price, inputTokens: number, n: number, money: NanoUsd): number {
  const rates = dearest(price, inputTokens)
  const picoLeft = Math.min(money * 1000, Number.MAX_SAFE_INTEGER) - inputTokens * rates.input
  if (picoLeft < 0) return -1
  const perToken = n * rates.output
  if (perToken === 0) return Number.MAX_SAFE_INTEGER
  return (picoLeft - (picoLeft % perToken)) / perToken
}

/**
 * The price of a request that states the standard tier, so that no other can be billed. Otherwise an upstream
 * may serve it at its project's default tier.
 */
export function atStandardTier(price: Price): Price {
  if (price.tiers === undefined) return price
  const known = standardOnly.get(price)
  if (known !== undefined) return known
  const { tiers: _, ...standard } = price
  standardOnly.set(price, standard)
  return standard
}

/** Prices are immutable and used by every request, so derived values are cached per price. */
const standardOnly = new WeakMap<Price, Price>()
const stepsOf = new WeakMap<Price, readonly Dearest[]>()

/** The dearest of all rates that may be billed for a prompt of more than `above` tokens. */
interface Dearest {
  readonly above: number
  readonly input: number
  readonly output: number
}

/** The dearest of all rates that may be billed: of every tier, prompt length and medium. */
function dearest(price: Price, inputTokens: number): Dearest {
  let steps = stepsOf.get(price)
  if (steps === undefined) {
    steps = dearestSteps(price)
    stepsOf.set(price, steps)
  }
  let most = NOTHING
  for (const step of steps) if (step.above < inputTokens) most = step
  return most
}

const NOTHING: Dearest = { above: Number.NEGATIVE_INFINITY, input: 0, output: 0 }

/** The dearest rates from zero tokens, and from each threshold of a long prompt in any tier; ascending. */
function dearestSteps(price: Price): readonly Dearest[] {
  const tiers: TierPrice[] = [price, ...SERVICE_TIERS.flatMap((tier) => price.tiers?.[tier] ?? [])]
  const lengths = tiers.flatMap(({ longPrompt }) => longPrompt?.above ?? [])
  return [NOTHING.above, ...lengths.toSorted((a, b) => a - b)].map((above) =>
    tiers.reduce((most, tier) => dearestOf(most, tier), { ...NOTHING, above }),
  )
}

function dearestOf(most: Dearest, tier: TierPrice): Dearest {
  const { longPrompt } = tier
  const short = dearerRates(most, tier)
  return longPrompt !== undefined && most.above >= longPrompt.above
    ? dearerRates(short, longPrompt.rates)
    : short
}

function dearerRates(most: Dearest, rates: Rates): Dearest {
  let input = Math.max(most.input, rates.input, rates.cachedInput, rates.cacheWrite)
  let output = Math.max(most.output, rates.output)
  for (const medium of MEDIA) {
    const own = rates[medium]
    if (own === undefined) continue
    input = Math.max(input, own.input, own.cachedInput)
    output = Math.max(output, own.output)
  }
  return { above: most.above, input, output }
}
