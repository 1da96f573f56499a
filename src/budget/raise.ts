import type { NanoUsd } from '../base/money.ts'

/** More money for one budget for a while. In force from `since` until `until` (milliseconds since the epoch). */
export interface Raise {
  readonly id: string
  /** The budget's id: `team:research/month`. */
  readonly budget: string
  /** What every window of the budget has beside its limit while the raise is in force. Several raises add up. */
  readonly amount: NanoUsd
  readonly since: number
  readonly until: number
  readonly reason: string
  readonly who: string
}

/** Somebody's decision about a raise. */
export interface Decision {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly who: string
  /** How it came: `store` for the command line where no server runs, else `api` and the caller's address. */
  readonly via: string
  readonly reason: string
}

/** One line of the audit: a raise was granted or revoked. Raises end by themselves without a line. */
export interface RaiseEntry extends Decision {
  readonly action: 'grant' | 'revoke'
  readonly raise: string
  readonly budget: string
  readonly amount: NanoUsd
  readonly until: number
}

/**
 * Every decision about raises, for ever: lines are added and never changed, so it is store and audit in one. Atomic:
 * one entry, and whether there was one before. Durable when `append` resolves; rejects when the store cannot be
 * written, and nothing was added then.
 */
export interface RaiseLog {
  /** False, and nothing was added, where this raise has been granted, or revoked, already: by whichever process. */
  append(entry: RaiseEntry): Promise<boolean>
  /** All entries, oldest first. */
  entries(): Promise<readonly RaiseEntry[]>
}
