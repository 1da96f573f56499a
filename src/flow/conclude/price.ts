import { add, most, type NanoUsd, ZERO } from '../../base/money.ts'
import type { ReportedUsage, Usage, UsageSource } from '../../base/usage.ts'
import { worstCase } from '../../pricing/bound.ts'
import { costOf } from '../../pricing/cost.ts'
import type { Ending, Priced } from '../ending.ts'
import type { Ports } from '../ports.ts'
import type { Funded, Reserved } from '../reserve.ts'
import type { Trip } from '../trip.ts'
import { estimateUsage } from './estimate.ts'

/**
 * What a request cost: as its upstream reported; else counted from everything received; else its bound, since
 * hidden reasoning, audio and unseen answers are never assumed to be free. Adds earlier attempts that may
 * have been billed. A promise only if tokens have to be counted.
 */
export function price(
  ports: Ports,
  trip: Trip,
  reserved: Reserved | undefined,
  ending: Ending,
): Priced | Promise<Priced> {
  const { billed, priced } = ending
  if (priced !== undefined) return priced
  if (billed === undefined || reserved === undefined) return unbilled(trip)
  const { funded, usage, seen } = billed
  if (usage !== 'unreported') return priceReported(trip, funded, usage)
  const { target } = funded.quote.candidate
  const { audio, goesOn } = reserved.needs
  if (seen === undefined || target.reasoning || audio || goesOn) return bound(trip, funded)
  return estimateUsage(ports, reserved, funded, seen).then((counted) => priceEstimated(trip, funded, counted))
}

/** If pricing itself fails: the bound that is held, which is the most it may have cost. */
export function priceAtWorst(trip: Trip, { billed }: Ending): Priced {
  return billed === undefined ? unbilled(trip) : bound(trip, billed.funded)
}

/** The reported usage, unless it is impossible by our limits for the model. */
export function believed(
  ports: Ports,
  trip: Trip,
  { quote, outputCap }: Funded,
  usage: ReportedUsage,
): ReportedUsage {
  if (usage === 'unreported') return usage
  const { target } = quote.candidate
  const mostOutput = Math.max(outputCap, target.maxOutput) * quote.choices
  const mostInput = Math.max(target.context, quote.inputTokens)
  if (isPossible(usage, { input: mostInput, output: mostOutput })) return usage
  ports.log.error({ request: trip.id, target: target.model, usage }, 'the reported usage is impossible')
  return 'unreported'
}

/** Slack for what a vendor adds to a prompt or an answer. */
const SLACK_TOKENS = 1000

/** A report above twice the possible maximum would drain a budget irrecoverably, so it is not believed. Tokens. */
export function isPossible(usage: Usage, most: { readonly input: number; readonly output: number }): boolean {
  const { inputTokens, outputTokens } = usage
  return inputTokens <= 2 * most.input + SLACK_TOKENS && outputTokens <= 2 * most.output + SLACK_TOKENS
}

/** The price of what the upstream says was used. */
export function priceReported(trip: Trip, { quote: { price } }: Funded, usage: Usage): Priced {
  return priceCounted(trip, price === undefined ? ZERO : costOf(usage, price), usage, 'reported')
}

/** Which tier served is unknown as well, so it is priced at the dearest one possible, as the bound is. */
function priceEstimated(trip: Trip, { quote: { price, bounding } }: Funded, usage: Usage): Priced {
  const { inputTokens, outputTokens } = usage
  const atMost = bounding === undefined ? ZERO : worstCase(bounding, inputTokens, outputTokens, 1)
  const cost = price === undefined ? ZERO : most(atMost, costOf(usage, price))
  return priceCounted(trip, cost, usage, 'estimated')
}

/** No upstream answered: the cost is what is owed for attempts without an answer, usually zero. */
export function unbilled(trip: Trip): Priced {
  return { cost: trip.owed, baseline: null, usage: 'unreported', source: sourceOfOwed(trip) }
}

function sourceOfOwed({ owed, owesUnpriced }: Trip): Priced['source'] {
  if (owed > 0) return 'bound'
  return owesUnpriced ? 'unpriced' : 'none'
}

function bound(trip: Trip, funded: Funded): Priced {
  return { cost: add(trip.owed, funded.atMost), baseline: null, usage: 'unreported', source: 'bound' }
}

function priceCounted(trip: Trip, cost: NanoUsd, usage: Usage, source: UsageSource): Priced {
  return { cost: add(trip.owed, cost), baseline: baselineOf(trip, usage), usage, source }
}

/** The same tokens on the first model of `language_heavy`: what everything on one good model would cost. */
function baselineOf(trip: Trip, usage: Usage): NanoUsd | null {
  const [reference] = trip.live.runtime.routes.language_heavy
  const price = reference && trip.live.runtime.prices.priceOf(reference.model, trip.at)
  return price === undefined ? null : costOf(usage, price)
}
