import { subtract } from '../../base/money.ts'
import { PROMPT_CLASSES, type PromptClass } from '../../base/prompt-class.ts'
import type { ImageAsk, PromptSize } from '../../base/prompt-size.ts'
import type { Target } from '../../base/target.ts'
import { atStandardTier, worstCase } from '../../pricing/bound.ts'
import { imageTokens } from '../../pricing/image-tokens.ts'
import type { Cheapest } from '../../routing/decide.ts'
import type { Decided } from '../decide.ts'
import type { Ports } from '../ports.ts'
import { askFor, quote } from '../reserve/quote.ts'
import type { Key } from '../team.ts'
import type { Trip } from '../trip.ts'

/** The class whose route is meant to be cheap, and its fallback; their models are compared by price. */
const CHEAP_CLASSES: readonly [PromptClass, PromptClass] = ['factual_recall', 'language_heavy']

/** Cases where price overrides a route's order: a budget is short, or a factual question is mostly images. */
export function cheapestFor(ports: Ports, trip: Trip, key: Key, decided: Decided): Cheapest | undefined {
  const { wish, routed, decision } = decided
  if (wish.kind !== 'auto' && wish.kind !== 'class') return undefined
  const costOf = (target: Target) => comparedCost(trip, decided, target)
  if (key.team.whenExhausted === 'cheapest' && isShort(ports, trip, decided)) {
    return { among: PROMPT_CLASSES, costOf, reason: 'a budget is short, so the cheapest goes first' }
  }
  if (routed.class !== CHEAP_CLASSES[0] || !isMostlyImages(decided, decision.usable[0].target))
    return undefined
  return { among: CHEAP_CLASSES, costOf, reason: 'mostly images, so the cheapest for them goes first' }
}

function isMostlyImages({ needs: { size } }: Decided, target: Target): boolean {
  return imagesFor(size, target) > size.textBytes / BYTES_PER_TOKEN
}

/**
 * Typical figures for comparing what models would cost; no bound and no bill depends on them. Reasoning is
 * billed as output, and there is more of it than of the answer itself.
 */
const COMPARED_OUTPUT = { plain: 500, reasoning: 2_000 }
const BYTES_PER_TOKEN = 4

function comparedCost(trip: Trip, { needs }: Decided, target: Target): number {
  const price = trip.live.runtime.prices.priceOf(target.model, trip.at)
  if (price === undefined) return Number.POSITIVE_INFINITY
  const { size } = needs
  const text = size.unbounded ? target.context : Math.ceil(size.textBytes / BYTES_PER_TOKEN)
  const output = target.reasoning ? COMPARED_OUTPUT.reasoning : COMPARED_OUTPUT.plain
  return worstCase(atStandardTier(price), text + imagesFor(size, target), output, needs.choices)
}

/** Tokens of all images, each by its formula, or the whole context where no formula is known. */
function imagesFor({ images }: PromptSize, { images: rule, context }: Target): number {
  const tokensOf = (image: ImageAsk) =>
    rule === undefined ? context : Math.min(context, imageTokens(image, rule))
  return images.reduce((tokens, image) => tokens + tokensOf(image), 0)
}

/** Above this share, a team with `when_exhausted: cheapest` is served by the cheapest capable model. */
const NEARLY_SPENT = 0.95

/** Whether a budget is nearly spent, or cannot pay for the preferred target's shortest answer. */
function isShort(ports: Ports, trip: Trip, decided: Decided): boolean {
  const [first] = decided.decision.usable
  const { atLeast } = askFor(quote(trip, decided, first), first.outputCap)
  return ports.ledger.balances(decided.budgets, trip.at).some(({ budget, spent, held }) => {
    const left = subtract(subtract(budget.limit, spent), held)
    return left < atLeast || left < (1 - NEARLY_SPENT) * budget.limit
  })
}
