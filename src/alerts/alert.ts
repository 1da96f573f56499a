import type { NanoUsd } from '../base/money.ts'
import type { Window } from '../budget/budget.ts'

/** A budget's spend has reached a fraction of its limit. Sent once per budget, window and threshold. */
export interface Alert {
  /**
   * Derived from budget, window and threshold, so that noticing the same crossing again yields the same id.
   */
  readonly id: string
  /** When the crossing was noticed. Times are milliseconds since the epoch. */
  readonly at: number
  readonly budget: string
  readonly team: string
  readonly key: string | null
  readonly per: Window
  /** Fraction of the limit, above 0 and up to 1. */
  readonly threshold: number
  /** The limit in force, including raises. */
  readonly limit: NanoUsd
  readonly spent: NanoUsd
  readonly held: NanoUsd
  /** Null for `total`, which has neither start nor end. */
  readonly startsAt: number | null
  readonly resetsAt: number | null
}

/** A time at which money was spent, in milliseconds since the epoch; without team and key, by anyone. */
export interface SpentAt {
  readonly at: number
  readonly team?: string
  readonly key?: string
}

/** How delivery of an alert ended. `nowhere`: no webhook was configured. */
export type Ending = 'delivered' | 'refused' | 'given_up' | 'nowhere'

/**
 * Which alerts have occurred, kept for as long as their windows last, and which are undelivered. Outlives the
 * process; several processes may share one. Rejects with a `StoreError`.
 */
export interface AlertBook {
  /**
   * Records the alerts that are new, each atomically, and returns those. If several callers notice the same
   * alert, only one of them gets it back.
   */
  note(alerts: readonly Alert[]): Promise<readonly Alert[]>
  /**
   * Undelivered alerts, oldest first, that no other process is delivering. For a few minutes they belong to
   * this one.
   */
  claim(most: number): Promise<readonly Alert[]>
  /** The alert has been delivered or never will be. Durable when it resolves. */
  end(id: string, ending: Ending, at: number): Promise<void>
  /** The number of undelivered alerts. */
  waiting(): Promise<number>
}
