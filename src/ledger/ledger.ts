import type { RequestId } from '../base/ids.ts'
import type { NanoUsd } from '../base/money.ts'
import type { Ask, Balance, Budget, NoRoom } from '../budget/budget.ts'
import type { Closing, OpenRow, Row } from './row.ts'

/** Whether money was refused rather than held. */
export function isNoRoom(outcome: Hold | NoRoom): outcome is NoRoom {
  return 'refused' in outcome
}

/**
 * Money held for one request. Its row is open in the ledger, and the hold ends exactly once, together with
 * the row: the first `settle` counts, later calls do nothing and return false.
 */
export interface Hold {
  readonly id: RequestId
  /** The total currently held. */
  readonly held: NanoUsd
  /**
   * Holds more, for a further attempt when the previous one may have been billed or the new target is dearer.
   * Atomic over all budgets of the request. Returns the amount added, or why nothing was. Durable when it
   * resolves.
   */
  extend(ask: Ask): Promise<NanoUsd | NoRoom>
  /**
   * Ends the hold at the actual cost and closes the row in one step. The balance is correct when the call
   * returns; the row is durable when the promise resolves. A cost above the held amount is booked in full.
   */
  settle(closing: Closing): Promise<boolean>
  /**
   * What the tightest budget would have left if this hold settled at `cost`; undefined if no budget applies.
   */
  remainingAfter(cost: NanoUsd): NanoUsd | undefined
}

/** `warning`: requests are served, but an operator should act. */
export type LedgerHealth =
  | { readonly ok: true; readonly warning?: string }
  | { readonly ok: false; readonly why: string }

/**
 * The record of every request and the only source of truth about money: balances are sums over its rows.
 *
 * Atomic: `hold` checks and takes from all budgets of a request and opens its row in one step; `settle`
 * releases, books and closes in one step. Unit: nano-dollars. A cost belongs to the window that contains its
 * row's `at`.
 */
export interface Ledger {
  /**
   * Opens the row and holds the money in every budget at once, or names the budget without room and changes
   * nothing. Resolves when the open row would survive the death of this process. Rejects when the store
   * cannot be written; nothing is held then.
   */
  hold(open: OpenRow, budgets: readonly Budget[], ask: Ask): Promise<Hold | NoRoom>
  /**
   * Writes the row of a request that never held money, such as one refused or answered locally. Durable when
   * it resolves, save a row without cost while a shared store is away: that waits in memory.
   */
  record(row: Row): Promise<void>
  /**
   * Idempotent by name: makes a row and books it under `name`. If that name has been booked, or is being
   * booked, it does nothing and returns false. Names are kept forever, as durably as the row. For costs
   * discovered after the fact, possibly by several callers at once. Rejects with whatever `make` throws; the
   * name then stays free.
   */
  recordOnce(name: string, make: () => Promise<Row>): Promise<boolean>
  /**
   * The standing of these budgets at `at` (milliseconds since the epoch). In a shared ledger, as this replica
   * last saw it.
   */
  balances(budgets: readonly Budget[], at: number): readonly Balance[]
  /** Whether rows can be written right now, and if not, why. */
  health(): LedgerHealth
  /**
   * Writes what is pending and closes the store. Open holds stay open in the file and are settled at the next
   * start.
   */
  close(): Promise<void>
}
