import { type Failure, fail } from '../base/failure.ts'
import { add, type NanoUsd, nanoUsd, subtract } from '../base/money.ts'
import type { NoRoom } from '../budget/budget.ts'
import type { Hold } from '../ledger/ledger.ts'
import type { Decision, Usable } from '../routing/decide.ts'
import type { Admitted } from './admit.ts'
import type { Decided } from './decide.ts'
import { openRow } from './open-row.ts'
import type { Ports } from './ports.ts'
import { holdMoney } from './reserve/hold-money.ts'
import { askFor, capFor, costAtMost, type Quote, quote } from './reserve/quote.ts'
import { type Taken, takeTokens } from './reserve/token-window.ts'
import type { Trip } from './trip.ts'

/** A candidate whose worst case is held. */
export interface Funded {
  readonly quote: Quote
  /** Output tokens allowed per choice: the candidate's maximum, or less if money or tokens are short. */
  readonly outputCap: number
  /** How much of the hold this attempt may use. */
  readonly atMost: NanoUsd
  /** What it counts against the token limits until its actual usage is known. */
  readonly tokens: number
}

/** A request whose row is open and whose first attempt is paid for. */
export interface Reserved extends Decided {
  readonly hold: Hold
  readonly first: Funded
}

/**
 * Takes tokens from the limits and money from the budgets for the first candidate both have room for, and
 * opens the ledger row. If they cannot cover the worst case, the output cap is lowered to what fits. Throws
 * `rate_limit_exceeded`, `request_too_large`, `budget_held`, `insufficient_quota`, `store_unavailable`; then nothing
 * is held.
 */
export async function reserve(
  ports: Ports,
  trip: Trip,
  admitted: Admitted,
  decided: Decided,
): Promise<Reserved> {
  trip.trace?.enter('reserve')
  const [preferred, ...others] = decided.decision.usable
  const outcome = await take(ports, trip, admitted, decided, preferred)
  if (!isFailure(outcome)) return { ...decided, ...outcome }
  let refusal = outcome
  for (const [index, candidate] of others.entries()) {
    const next = await take(ports, trip, admitted, decided, candidate)
    if (isFailure(next)) {
      if (isPassing(next)) refusal = next
    } else {
      const usable: Decision['usable'] = [candidate, ...others.slice(index + 1)]
      return { ...decided, decision: { ...decided.decision, usable }, ...next }
    }
  }
  return fail(refusal)
}

function isFailure(outcome: object): outcome is Failure {
  return 'code' in outcome
}

/** Tokens and money for one candidate, or why there is no room for it. */
async function take(
  ports: Ports,
  trip: Trip,
  admitted: Admitted,
  decided: Decided,
  candidate: Usable,
): Promise<Pick<Reserved, 'hold' | 'first'> | Failure> {
  const quoted = quote(trip, decided, candidate)
  const answer = takeTokens(trip, decided, quoted)
  const taken = answer instanceof Promise ? await answer : answer
  if (isFailure(taken)) return taken
  const { model, upstream } = candidate.target
  const row = { ...openRow(trip, admitted.key), target: model, upstream }
  const hold = await holdMoney(ports, row, decided.budgets, askFor(quoted, taken.outputCap))
  if (isFailure(hold)) return hold
  trip.hold = hold
  return { hold, first: fundedBy(quoted, taken, hold.held) }
}

/** Waiting would help: better news for the client than a permanent refusal. */
function isPassing({ code }: Failure): boolean {
  return code === 'budget_held' || code === 'rate_limit_exceeded'
}

/**
 * Finds tokens and money for another attempt, after `trip.owed` is set aside for those that may have been
 * billed. Undefined if a limit or a budget has no room for it.
 */
export async function fund(trip: Trip, reserved: Reserved, candidate: Usable): Promise<Funded | undefined> {
  const quoted = quote(trip, reserved, candidate)
  const { hold } = reserved
  const taken = await takeTokens(trip, reserved, quoted)
  if (isFailure(taken)) return undefined
  const available = subtract(hold.held, trip.owed)
  const ask = askFor(quoted, taken.outputCap)
  if (ask.atMost <= available) return fundedBy(quoted, taken, available)
  const more = await hold.extend({
    atMost: subtract(ask.atMost, available),
    atLeast: nanoUsd(Math.max(0, ask.atLeast - available)),
  })
  return isNoRoomFor(more) ? undefined : fundedBy(quoted, taken, add(available, more))
}

function isNoRoomFor(outcome: NanoUsd | NoRoom): outcome is NoRoom {
  return typeof outcome === 'object'
}

function fundedBy(quoted: Quote, taken: Taken, granted: NanoUsd): Funded {
  const outputCap = capFor(quoted, taken.outputCap, granted)
  const tokens = taken.promptTokens + outputCap * quoted.choices
  return { quote: quoted, outputCap, atMost: costAtMost(quoted, outputCap), tokens }
}
