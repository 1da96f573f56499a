import type { RequestId } from '../base/ids.ts'
import type { NanoUsd } from '../base/money.ts'
import type { Closing, OpenRow, Row } from './row.ts'

/** Calendar windows in UTC; a `total` budget never starts anew. Weeks start on Monday. */
export const WINDOWS = ['hour', 'day', 'week', 'month', 'total'] as const
export type Window = (typeof WINDOWS)[number]

/** A sum that one team, or one key of a team, may spend in one kind of window. */
export interface Budget {
  /** Unique and stable across reloads: `team:research/month`, `key:research/ci/day`. */
  readonly id: string
  readonly team: string
  /** Present when the budget binds one key of the team only. */
  readonly key?: string
  readonly limit: NanoUsd
  readonly per: Window
  /** Parts of the limit whose crossing by what was spent is told; absent: none. */
  readonly alertAt?: readonly number[]
}

/**
 * What a request asks to hold: as much of `atMost` as fits, but not less than `atLeast`. Without any budget, sums
 * beyond all reason are held in part only.
 */
export interface Ask {
  readonly atMost: NanoUsd
  readonly atLeast: NanoUsd
}

/** Where a budget stands: `limit - spent - held` is what the next request may still hold. */
export interface Balance {
  readonly budget: Budget
  readonly spent: NanoUsd
  readonly held: NanoUsd
  /** Start of the next window, milliseconds since the epoch; null for `total`. */
  readonly resetsAt: number | null
}

/**
 * `exhausted`: settled spend alone leaves no room for `atLeast`. `held`: it would fit if requests in flight gave
 * back what they hold, so trying again soon makes sense.
 */
export interface NoRoom {
  readonly refused: 'exhausted' | 'held'
  readonly balance: Balance
}

export function isNoRoom(outcome: Hold | NoRoom): outcome is NoRoom {
  return 'refused' in outcome
}

/**
 * Money held for one request. Its row is open in the ledger; the hold has exactly one end, and it is the row's:
 * the first `settle` counts, later calls do nothing and answer false.
 */
export interface Hold {
  readonly id: RequestId
  /** All that is held now. */
  readonly held: NanoUsd
  /**
   * Holds more for a further attempt whose predecessor may have been billed, or whose target is dearer. Atomic over
   * all budgets of the request; answers what was added, or why nothing was. Durable when it resolves.
   */
  extend(ask: Ask): Promise<NanoUsd | NoRoom>
  /** Gives back what a lowered output cap no longer needs. Does nothing after `settle`. */
  shrinkTo(amount: NanoUsd): void
  /**
   * Ends the hold at the true cost and closes the row, in one step. The balance is right when the call returns, the
   * row is durable when the promise resolves. A cost above what is held is booked whole: nothing is forgotten.
   */
  settle(closing: Closing): Promise<boolean>
  /** What the tightest budget leaves, were this hold settled at `cost`; undefined where no budget applies. */
  remainingAfter(cost: NanoUsd): NanoUsd | undefined
}

/** `warning`: requests are served, but something needs an operator. */
export type LedgerHealth =
  | { readonly ok: true; readonly warning?: string }
  | { readonly ok: false; readonly why: string }

/**
 * The book of every request and the only source of truth about money: balances are sums over its rows.
 *
 * Atomic: `hold` checks and takes all budgets of a request, and opens its row, in one step; `settle` releases, books
 * and closes in one. Unit: nano-dollars. Window of a cost: the one its row's `at` falls in.
 */
export interface Ledger {
  /**
   * Opens the row and holds the money in every budget at once, or says which budget has no room and changes nothing.
   * Resolves when the open row is durable against the death of this process. Rejects when the store cannot be
   * written; nothing is held then.
   */
  hold(open: OpenRow, budgets: readonly Budget[], ask: Ask): Promise<Hold | NoRoom>
  /** Writes the row of a request that never held money: refused, answered from here. Durable when it resolves. */
  record(row: Row): Promise<void>
  /**
   * Makes a row and books it under a name, unless one has been booked under it before or is being made: then nothing
   * happens and the answer is false. The name is kept for ever, as durably as the row. For costs that are found out
   * after the fact, maybe by several at once. Rejects with what `make` throws; then the name stays free.
   */
  recordOnce(name: string, make: () => Promise<Row>): Promise<boolean>
  /** Where these budgets stand at `at` (milliseconds since the epoch). Of a shared ledger, as far as this replica knows. */
  balances(budgets: readonly Budget[], at: number): readonly Balance[]
  /** Whether rows can be written right now, and if not, why. */
  health(): LedgerHealth
  /** Writes what is pending and lets the store go. Open holds stay open in the file and are settled at next start. */
  close(): Promise<void>
}
