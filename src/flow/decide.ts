import { subtract } from '../base/money.ts'
import type { Target } from '../base/target.ts'
import type { Budget } from '../budget/ledger.ts'
import { atStandardTier, inputBound, worstCase } from '../pricing/bound.ts'
import { type Decision, decide as decideRoute, type Question } from '../routing/decide.ts'
import type { Admitted } from './admit.ts'
import type { Classified } from './classify.ts'
import type { Ports } from './ports.ts'
import { askFor, quote } from './quote.ts'
import type { Trip } from './trip.ts'

export interface Decided extends Classified {
  readonly decision: Decision
  /** Every budget that pays for this request: the team's and the key's. */
  readonly budgets: readonly Budget[]
}

/** Typical of an answer, to compare what models would cost; no bound and no bill depends on it. */
const COMPARED_OUTPUT_TOKENS = 500

/**
 * Which targets may serve, in order. A team that falls to the cheapest, and whose budgets are nearly spent or have no
 * room for the preferred target, gets its candidates in order of price. Throws `no_capable_model`, `model_not_found`,
 * `upstream_unavailable`.
 */
export function decide(ports: Ports, trip: Trip, { key }: Admitted, classified: Classified): Decided {
  const { runtime } = trip.live
  const budgets = [...key.team.budgets, ...key.budgets]
  const question: Question = {
    wish: classified.wish,
    class: classified.routed.class ?? 'language_heavy',
    needs: classified.needs,
    requestedModel: classified.request.model,
    routes: runtime.routes,
    targets: runtime.targets,
    models: key.team.models,
    mustBePriced: budgets.length > 0,
    isPriced: (target) => runtime.prices.priceOf(target.model, trip.at) !== undefined,
    absenceOf: (target) => ports.health.absenceOf(target),
  }
  const decided = { ...classified, decision: decideRoute(question), budgets }
  if (key.team.whenExhausted === 'refuse' || !isShort(ports, trip, decided)) return decided
  const costOf = (target: Target) => comparedCost(trip, classified, target)
  return { ...decided, decision: decideRoute({ ...question, costOf }) }
}

function comparedCost(trip: Trip, { needs }: Classified, target: Target): number {
  const price = trip.live.runtime.prices.priceOf(target.model, trip.at)
  if (price === undefined) return Number.POSITIVE_INFINITY
  return worstCase(
    atStandardTier(price),
    inputBound(needs.size, target),
    COMPARED_OUTPUT_TOKENS,
    needs.choices,
  )
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
