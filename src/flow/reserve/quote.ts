import { type NanoUsd, ZERO } from '../../base/money.ts'
import type { Ask } from '../../budget/budget.ts'
import { atStandardTier, capWithin, inputBound, worstCase } from '../../pricing/bound.ts'
import type { Price } from '../../pricing/price-book.ts'
import type { Usable } from '../../routing/decide.ts'
import type { Parsed } from '../parse.ts'
import type { Trip } from '../trip.ts'

/** What one candidate can cost at most, given a cap. */
export interface Quote {
  readonly candidate: Usable
  /** Undefined for a model without a price, which may serve only where no budget applies. */
  readonly price: Price | undefined
  /** The price the bound is computed from, with every tier that may be billed. */
  readonly bounding: Price | undefined
  readonly inputTokens: number
  readonly choices: number
  /** Whether a cap can be sent. If not, nothing less than the whole worst case will do. */
  readonly isCapped: boolean
  /** The smallest cap that can be sent, in tokens per choice. */
  readonly leastCap: number
  /** The smallest that the team finds worth sending: with less room there is no attempt. */
  readonly floor: number
}

/** Bounds a candidate's input, at the price in force when the request arrived. */
export function quote(trip: Trip, { dialect, needs }: Parsed, candidate: Usable): Quote {
  const { target } = candidate
  const price = trip.live.runtime.prices.priceOf(target.model, trip.at)
  const isCapped = dialect.leastCap !== undefined
  const leastCap = dialect.leastCap ?? 1
  const isTierStated = isCapped && target.capabilities.has('service_tier')
  return {
    candidate,
    price,
    bounding: price && isTierStated ? atStandardTier(price) : price,
    inputTokens: inputBound(needs.size, target),
    choices: needs.choices,
    isCapped,
    leastCap,
    // Without a key no budget or limit applies, and no cap is lowered.
    floor: Math.max(leastCap, trip.key?.team.minOutput ?? 1),
  }
}

/** The lowest cap worth paying for, in tokens per choice; `cap` itself if that is lower still, or if none is sent. */
export function lowestCap({ isCapped, floor }: Quote, cap: number): number {
  return isCapped ? Math.min(cap, floor) : cap
}

/** The most the candidate can be billed if no choice exceeds `cap` output tokens. */
export function costAtMost({ bounding, inputTokens, choices }: Quote, cap: number): NanoUsd {
  return bounding === undefined ? ZERO : worstCase(bounding, inputTokens, cap, choices)
}

/** What to hold: the full worst case, or less, down to the lowest cap worth sending. */
export function askFor(quoted: Quote, cap: number): Ask {
  return { atMost: costAtMost(quoted, cap), atLeast: costAtMost(quoted, lowestCap(quoted, cap)) }
}

/** The output cap that the granted amount pays for. */
export function capFor({ bounding, inputTokens, choices }: Quote, cap: number, granted: NanoUsd): number {
  return bounding === undefined ? cap : Math.min(cap, capWithin(bounding, inputTokens, choices, granted))
}
