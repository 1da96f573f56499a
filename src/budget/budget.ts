import type { NanoUsd } from '../base/money.ts'

/** Calendar windows in UTC. A `total` budget never resets. Weeks start on Monday. */
export const WINDOWS = ['hour', 'day', 'week', 'month', 'total'] as const
export type Window = (typeof WINDOWS)[number]

/** An amount that a team, or one of its keys, may spend per window. */
export interface Budget {
  /** Unique and stable across reloads: `team:research/month`, `key:research/ci/day`. */
  readonly id: string
  readonly team: string
  /** Present when the budget binds only one of the team's keys. */
  readonly key?: string
  readonly limit: NanoUsd
  readonly per: Window
  /** Fractions of the limit at which spend triggers an alert. Absent: none. */
  readonly alertAt?: readonly number[]
}

/**
 * What a request asks to hold: as much of `atMost` as fits, but no less than `atLeast`. If no budget applies,
 * an absurdly large amount is held only in part.
 */
export interface Ask {
  readonly atMost: NanoUsd
  readonly atLeast: NanoUsd
}

/** The standing of a budget: `limit - spent - held` is what the next request may still hold. */
export interface Balance {
  readonly budget: Budget
  readonly spent: NanoUsd
  readonly held: NanoUsd
  /** Start of the next window, milliseconds since the epoch; null for `total`. */
  readonly resetsAt: number | null
}

/**
 * `exhausted`: settled spend alone leaves no room for `atLeast`. `held`: it would fit if in-flight requests
 * released their holds, so an early retry makes sense.
 */
export interface NoRoom {
  readonly refused: 'exhausted' | 'held'
  readonly balance: Balance
}
