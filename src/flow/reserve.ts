import { fail } from '../base/failure.ts'
import { add, type NanoUsd, nanoUsd, subtract } from '../base/money.ts'
import { type Hold, isNoRoom, type NoRoom } from '../budget/ledger.ts'
import type { OpenRow } from '../budget/row.ts'
import { type Full, isFull } from '../limits/limiter.ts'
import type { Usable } from '../routing/decide.ts'
import { type Admitted, refuse } from './admit.ts'
import type { Decided } from './decide.ts'
import type { Ports } from './ports.ts'
import { askFor, capFor, costAtMost, lowestCap, type Quote, quote } from './quote.ts'
import type { Trip } from './trip.ts'

/** A candidate whose worst case is held. */
export interface Funded {
  readonly quote: Quote
  /** The most output tokens a choice may have: what the candidate would take, or less where money or tokens are short. */
  readonly outputCap: number
  /** What of the hold this attempt may use up. */
  readonly atMost: NanoUsd
}

export interface Reserved extends Decided {
  readonly hold: Hold
  readonly first: Funded
}

/**
 * Takes tokens of the limits and money of the budgets for the first candidate, and opens the ledger's row. Where they
 * do not suffice for the worst case, the output cap is lowered to what fits. Throws `rate_limited`,
 * `request_too_large`, `budget_held`, `budget_exhausted`, `store_unavailable`; then nothing is held.
 */
export async function reserve(
  ports: Ports,
  trip: Trip,
  admitted: Admitted,
  decided: Decided,
): Promise<Reserved> {
  const quoted = quote(trip, decided, decided.decision.usable[0])
  const cap = await takeTokens(trip, quoted)
  if (isFull(cap)) refuse(cap, quoted.inputTokens + quoted.choices)
  const hold = await holdMoney(ports, trip, admitted, decided, quoted, cap)
  trip.hold = hold
  return { ...decided, hold, first: fundedBy(quoted, cap, hold.held) }
}

/**
 * Finds tokens and money for a further attempt, after `trip.owed` has been set aside for those that may have been
 * billed. Undefined when a limit or a budget has no room for it.
 */
export async function fund(trip: Trip, reserved: Reserved, candidate: Usable): Promise<Funded | undefined> {
  const quoted = quote(trip, reserved, candidate)
  const { hold } = reserved
  const cap = await takeTokens(trip, quoted)
  if (isFull(cap)) return undefined
  const available = subtract(hold.held, trip.owed)
  const ask = askFor(quoted, cap)
  if (ask.atMost <= available) return fundedBy(quoted, cap, available)
  const more = await hold.extend({
    atMost: subtract(ask.atMost, available),
    atLeast: nanoUsd(Math.max(0, ask.atLeast - available)),
  })
  return isNoRoomFor(more) ? undefined : fundedBy(quoted, cap, add(available, more))
}

function isNoRoomFor(outcome: NanoUsd | NoRoom): outcome is NoRoom {
  return typeof outcome === 'object'
}

function fundedBy(quoted: Quote, cap: number, granted: NanoUsd): Funded {
  const outputCap = capFor(quoted, cap, granted)
  return { quote: quoted, outputCap, atMost: costAtMost(quoted, outputCap) }
}

/** Answers the output cap that the tokens taken allow. A key whose whole window is small gets a small answer. */
async function takeTokens(trip: Trip, { candidate, inputTokens, choices }: Quote): Promise<number | Full> {
  const cap = candidate.outputCap
  const { slot } = trip
  if (slot === undefined) return cap
  const atMost = inputTokens + cap * choices
  const decent = inputTokens + lowestCap(cap) * choices
  let taken = await slot.takeTokens({ atMost, atLeast: decent })
  if (isFull(taken) && taken.never) taken = await slot.takeTokens({ atMost, atLeast: inputTokens + choices })
  if (isFull(taken)) return taken
  return Math.min(cap, Math.floor((taken - inputTokens) / choices))
}

async function holdMoney(
  ports: Ports,
  trip: Trip,
  admitted: Admitted,
  decided: Decided,
  quoted: Quote,
  cap: number,
): Promise<Hold> {
  const row = openRow(trip, admitted, quoted.candidate)
  const outcome = await ports.ledger
    .hold(row, decided.budgets, askFor(quoted, cap))
    .catch((error: unknown) => {
      const detail = error instanceof Error ? error.message : String(error)
      ports.log.error({ err: error }, 'the ledger cannot be written')
      return fail({ code: 'store_unavailable', detail }, error)
    })
  return isNoRoom(outcome) ? refuseFor(outcome) : outcome
}

function refuseFor({ refused, balance }: NoRoom): never {
  const { budget, spent, held, resetsAt } = balance
  fail({
    code: refused === 'exhausted' ? 'budget_exhausted' : 'budget_held',
    scope: budget.id,
    team: budget.team,
    limit: budget.limit,
    spent,
    held,
    resetsAt,
  })
}

function openRow(trip: Trip, { key }: Admitted, { target }: Usable): OpenRow {
  return { ...knownOf(trip, key.team.name, key.id), target: target.model, upstream: target.upstream }
}

/** What a row says before anything has been asked of an upstream. */
export function knownOf(trip: Trip, team: string, key: string): OpenRow {
  const { routed } = trip
  const { classifier } = trip.live.runtime
  const verdict = routed?.verdict
  return {
    id: trip.id,
    at: trip.at,
    team,
    key,
    endpoint: trip.endpoint,
    stream: trip.stream,
    requestedModel: trip.requestedModel,
    class: routed?.class ?? null,
    confidence: routed?.confidence ?? null,
    cause: routed?.cause ?? null,
    evidence: verdict === undefined ? null : JSON.stringify(verdict.evidence),
    rulesVersion: verdict === undefined ? null : classifier.rulesVersion,
    weightsVersion: verdict === undefined ? null : classifier.weightsVersion,
    conversation: trip.conversation,
    target: null,
    upstream: null,
    prompt: null,
  }
}
