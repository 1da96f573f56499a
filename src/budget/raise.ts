import type { NanoUsd } from '../base/money.ts'

/** A temporary increase of one budget, in force from `since` until `until` (milliseconds since the epoch). */
export interface Raise {
  readonly id: string
  /** The budget's id: `team:research/month`. */
  readonly budget: string
  /** Added to the limit of every window of the budget while the raise is in force. Several raises add up. */
  readonly amount: NanoUsd
  readonly since: number
  readonly until: number
  readonly reason: string
  readonly who: string
}

/** A person's decision about a raise. */
export interface Decision {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly who: string
  /**
   * Where it came from: `store` for the command line without a running server, otherwise `api` and the
   * caller's address.
   */
  readonly via: string
  readonly reason: string
}

/** One audit line: a raise was granted or revoked. A raise that expires leaves no line. */
export interface RaiseEntry extends Decision {
  readonly action: 'grant' | 'revoke'
  readonly raise: string
  readonly budget: string
  readonly amount: NanoUsd
  readonly until: number
}

/**
 * A permanent, append-only record of every decision about raises; it is store and audit in one. Atomic:
 * appending one entry, including the check for an existing one. Durable when `append` resolves; rejects with
 * a `StoreError`, and then nothing was added.
 */
export interface RaiseLog {
  /** False, with nothing added, if any process has already granted, or revoked, this raise. */
  append(entry: RaiseEntry): Promise<boolean>
  /** All entries, oldest first. */
  entries(): Promise<readonly RaiseEntry[]>
}
