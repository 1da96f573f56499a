import type { NanoUsd } from '../base/money.ts'
import type { Window } from '../budget/ledger.ts'

/** What a budget has spent has reached a part of its limit: told once for each budget, window and threshold. */
export interface Alert {
  /** Made of budget, window and threshold: who notices the same again finds the same id. */
  readonly id: string
  /** When it was noticed. Times are milliseconds since the epoch. */
  readonly at: number
  readonly budget: string
  readonly team: string
  readonly key: string | null
  readonly per: Window
  /** Part of the limit, above 0 and up to 1. */
  readonly threshold: number
  /** The limit in force, raises included. */
  readonly limit: NanoUsd
  readonly spent: NanoUsd
  readonly held: NanoUsd
  /** Null for `total`, which has neither start nor end. */
  readonly startsAt: number | null
  readonly resetsAt: number | null
}

/** How an alert's way to the webhook ended; `nowhere`: none was configured. */
export type Ending = 'delivered' | 'refused' | 'given_up' | 'nowhere'

/**
 * Which alerts there were, for as long as their windows last, and which are still on their way. Outlives the process;
 * several processes may share one. Rejects when the store cannot be written or read.
 */
export interface AlertBook {
  /** Writes down those that are new, each atomically, and answers them: of all who notice one, one is answered it. */
  note(alerts: readonly Alert[]): Promise<readonly Alert[]>
  /** Alerts on their way, oldest first, that no other process is delivering; for a few minutes they are this one's. */
  claim(most: number): Promise<readonly Alert[]>
  /** The alert has arrived, or never will. Durable when it resolves. */
  end(id: string, ending: Ending, at: number): Promise<void>
  /** How many are on their way. */
  waiting(): Promise<number>
}
