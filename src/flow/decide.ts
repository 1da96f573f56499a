import type { Holder } from '../base/holder.ts'
import type { Target } from '../base/target.ts'
import type { Budget } from '../budget/budget.ts'
import { TokenEstimate } from '../pricing/estimate.ts'
import { type Decision, decide as decideRoute, type Question } from '../routing/decide.ts'
import type { Admitted } from './admit.ts'
import type { Classified } from './classify.ts'
import { cheapestFor } from './decide/cheapest.ts'
import type { Ports } from './ports.ts'
import type { Trip } from './trip.ts'

/** A request whose candidates are in order. */
export interface Decided extends Classified {
  readonly decision: Decision
  /** Every budget this request is charged to: the team's and the key's. */
  readonly budgets: readonly Budget[]
}

/**
 * Decides which targets may serve, in order. Candidates are ordered by price for a team with
 * `when_exhausted: cheapest` whose budgets are nearly spent or cannot pay for the preferred target, and for a
 * factual question that is mostly images. Throws `no_capable_model`, `context_length_exceeded`,
 * `model_not_found`, `upstream_unavailable`.
 */
export function decide(ports: Ports, trip: Trip, { key }: Admitted, classified: Classified): Decided {
  trip.trace?.enter('decide')
  const { runtime } = trip.live
  const { wish, routed, needs, request, holder } = classified
  const budgets = [...key.team.budgets, ...key.budgets]
  let prompt: TokenEstimate | undefined
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
    isStrained: (target) => ports.health.isStrained(target),
    placesOf: (target) => sameAccount(runtime.placesOf(target, trip.conversation ?? trip.id), holder),
    aboutTokens: (target, enough) => {
      prompt ??= new TokenEstimate(unescaped(request.promptText(target).text))
      return prompt.within(enough)
    },
  }
  const decided = { ...classified, decision: decideRoute(question), budgets }
  trip.decision = decided.decision
  const cheapest = cheapestFor(ports, trip, key, decided)
  if (cheapest === undefined) return decided
  trip.decision = decideRoute({ ...question, cheapest })
  return { ...decided, decision: trip.decision }
}

/** Narrows the places to the upstream that holds the earlier state, if it serves this model. */
function sameAccount(places: readonly Target[], holder: Holder | undefined): readonly Target[] {
  if (holder === undefined) return places
  const there = places.filter(({ upstream }) => upstream === holder.upstream)
  return there.length === 0 ? places : there
}

/** All but plain text is counted as JSON, where some clients escape every non-ASCII character (`\u4e2d`). */
function unescaped(text: string): string {
  if (!text.includes('\\u')) return text
  return text.replace(/\\u[0-9a-f]{4}/gi, (written) =>
    String.fromCharCode(Number.parseInt(written.slice(2), 16)),
  )
}
