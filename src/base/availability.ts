/** Why a target cannot be used now, for people: `breaker open`, `gone since 2026-11-21T10:00:00Z`. */
export interface Absence {
  readonly reason: string
  /** Milliseconds until it may be tried; undefined for a model its upstream or its vendor no longer has. */
  readonly retryAfterMs: number | undefined
}

/** Identifies the attempt that shows whether a target is back after its rest. There is one at a time. */
export interface BreakerTrial {
  /** `Clock.elapsed()`. */
  readonly since: number
}
