import { subtract } from '../base/money.ts'
import { PROMPT_CLASSES, type PromptClass } from '../base/prompt-class.ts'
import type { Target } from '../base/target.ts'
import type { Budget } from '../budget/ledger.ts'
import { atStandardTier, inputBound, worstCase } from '../pricing/bound.ts'
import { estimateTokens } from '../pricing/estimate.ts'
import { type Cheapest, type Decision, decide as decideRoute, type Question } from '../routing/decide.ts'
import type { Admitted } from './admit.ts'
import type { Classified } from './classify.ts'
import type { Ports } from './ports.ts'
import { askFor, quote } from './quote.ts'
import type { Key } from './team.ts'
import type { Trip } from './trip.ts'

export interface Decided extends Classified {
  readonly decision: Decision
  /** Every budget that pays for this request: the team's and the key's. */
  readonly budgets: readonly Budget[]
}

/**
 * Which targets may serve, in order. A team that falls to the cheapest, and whose budgets are nearly spent or have no
 * room for the preferred target, gets its candidates in order of price; so does a question of fact that is mostly images.
 * Throws `no_capable_model`, `context_length_exceeded`, `model_not_found`, `upstream_unavailable`.
 */
export function decide(ports: Ports, trip: Trip, { key }: Admitted, classified: Classified): Decided {
  const { runtime } = trip.live
  const { wish, routed, needs, request } = classified
  const budgets = [...key.team.budgets, ...key.budgets]
  let about: number | undefined
  const question: Question = {
    wish,
    class: routed.class ?? 'language_heavy',
    needs,
    requestedModel: request.model,
    routes: runtime.routes,
    targets: runtime.targets,
    models: key.team.models,
    mustBePriced: budgets.length > 0,
    isPriced: (target) => runtime.prices.priceOf(target.model, trip.at) !== undefined,
    absenceOf: (target) => ports.health.absenceOf(target),
    aboutTokens: (target) => (about ??= estimateTokens(unescaped(request.promptText(target).text))),
  }
  const decided = { ...classified, decision: decideRoute(question), budgets }
  const cheapest = cheapestFor(ports, trip, key, decided)
  return cheapest === undefined ? decided : { ...decided, decision: decideRoute({ ...question, cheapest }) }
}

/** What is not plain text is counted as JSON, and some clients write every letter beyond ASCII as `\u4e2d` there. */
function unescaped(text: string): string {
  return text.replace(/\\u[0-9a-f]{4}/gi, (written) =>
    String.fromCharCode(Number.parseInt(written.slice(2), 16)),
  )
}

/** The road that is taken because it is cheap, and the one that is asked when it has nobody. */
const CHEAP_ROAD: readonly [PromptClass, PromptClass] = ['factual_recall', 'language_heavy']

function cheapestFor(ports: Ports, trip: Trip, key: Key, decided: Decided): Cheapest | undefined {
  const { wish, routed, decision } = decided
  if (wish.kind === 'pin' || wish.kind === 'off') return undefined
  const costOf = (target: Target) => comparedCost(trip, decided, target)
  if (key.team.whenExhausted === 'cheapest' && isShort(ports, trip, decided)) {
    return { among: PROMPT_CLASSES, costOf, reason: 'a budget is short, so the cheapest goes first' }
  }
  if (routed.class !== CHEAP_ROAD[0] || !isMostlyImages(decided, decision.usable[0].target)) return undefined
  return { among: CHEAP_ROAD, costOf, reason: 'mostly images, so the cheapest for them goes first' }
}

function isMostlyImages({ needs: { size } }: Classified, target: Target): boolean {
  return size.images.length > 0 && inputBound(size, target) > 2 * inputBound({ ...size, images: [] }, target)
}

/**
 * Typical figures of a request, to compare what models would cost; no bound and no bill depends on them. Reasoning is
 * billed as output, and there is more of it than of answer.
 */
const COMPARED_OUTPUT = { plain: 500, reasoning: 2_000 }
const BYTES_PER_TOKEN = 4

function comparedCost(trip: Trip, { needs }: Classified, target: Target): number {
  const price = trip.live.runtime.prices.priceOf(target.model, trip.at)
  if (price === undefined) return Number.POSITIVE_INFINITY
  const size = { ...needs.size, textBytes: Math.ceil(needs.size.textBytes / BYTES_PER_TOKEN) }
  const output = target.reasoning ? COMPARED_OUTPUT.reasoning : COMPARED_OUTPUT.plain
  return worstCase(atStandardTier(price), inputBound(size, target), output, needs.choices)
}

/** From here on a team that asked for it is served by the cheapest capable model. */
const NEARLY_SPENT = 0.95

/** A budget is nearly spent, or has less left than the preferred target's shortest answer may cost. */
function isShort(ports: Ports, trip: Trip, decided: Decided): boolean {
  const [first] = decided.decision.usable
  const { atLeast } = askFor(quote(trip, decided, first), first.outputCap)
  return ports.ledger.balances(decided.budgets, trip.at).some(({ budget, spent, held }) => {
    const left = subtract(subtract(budget.limit, spent), held)
    return left < atLeast || left < (1 - NEARLY_SPENT) * budget.limit
  })
}
