import type { NanoUsd } from '../base/money.ts'
import { subtract } from '../base/money.ts'
import type { Budget } from '../budget/ledger.ts'
import { inputBound, worstCase } from '../pricing/bound.ts'
import { type Decision, decide as decideRoute } from '../routing/decide.ts'
import type { Admitted } from './admit.ts'
import type { Classified } from './classify.ts'
import type { Ports } from './ports.ts'
import type { Trip } from './trip.ts'

export interface Decided extends Classified {
  readonly decision: Decision
  /** Every budget that pays for this request: the team's and the key's. */
  readonly budgets: readonly Budget[]
}

/** Typical of an answer, to compare what models would cost; no bound and no bill depends on it. */
const COMPARED_OUTPUT_TOKENS = 500

/**
 * Which targets may serve, in order. A team that has nearly spent a budget and falls to the cheapest gets its
 * candidates in order of price. Throws `no_capable_model`, `model_not_found`, `upstream_unavailable`.
 */
export function decide(ports: Ports, trip: Trip, { key }: Admitted, classified: Classified): Decided {
  const { runtime } = trip.live
  const budgets = [...key.team.budgets, ...key.budgets]
  const cheapest = key.team.whenExhausted === 'cheapest' && isNearlySpent(ports, trip, budgets)
  const decision = decideRoute({
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
    ...(cheapest && {
      costOf: (target) => {
        const price = runtime.prices.priceOf(target.model, trip.at)
        if (price === undefined) return Number.POSITIVE_INFINITY
        const input = inputBound(classified.needs.size, target)
        return worstCase(price, input, COMPARED_OUTPUT_TOKENS, classified.needs.choices)
      },
    }),
  })
  return { ...classified, decision, budgets }
}

/** From here on a team that asked for it is served by the cheapest capable model. */
const NEARLY_SPENT = 0.95

function isNearlySpent(ports: Ports, trip: Trip, budgets: readonly Budget[]): boolean {
  return ports.ledger
    .balances(budgets, trip.at)
    .some(({ budget, spent, held }) => left(budget.limit, spent, held) < (1 - NEARLY_SPENT) * budget.limit)
}

function left(limit: NanoUsd, spent: NanoUsd, held: NanoUsd): NanoUsd {
  return subtract(subtract(limit, spent), held)
}
