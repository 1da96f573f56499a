import type { LimitKind } from '../base/failure.ts'

/** The limits of a team or a key. An absent limit does not apply. */
export interface Limits {
  readonly requestsPerMinute?: number
  readonly tokensPerMinute?: number
  readonly concurrent?: number
}

/** A holder of limits: `team:research`, `key:research/ci`. A request usually has two of them. */
export interface Subject {
  readonly id: string
  readonly limits: Limits
}

/** Which limit had no room. `retryAfterMs` is when it will, as far as the window can tell. */
export interface Full {
  readonly full: LimitKind
  readonly subject: string
  readonly limit: number
  readonly retryAfterMs: number
  /** The request alone exceeds the whole window: waiting will not help. */
  readonly never: boolean
}

/** Whether a limit refused. */
export function isFull(outcome: object | number): outcome is Full {
  return typeof outcome === 'object' && 'full' in outcome
}

/** Values of the `x-ratelimit-*` headers: the tightest subject's limit, what is left, and when it resets. */
export interface RateState {
  readonly limit: number
  readonly remaining: number
  readonly resetMs: number
}

/** The most tokens a request would take, and the fewest it can use. */
export interface TokenAsk {
  readonly atMost: number
  readonly atLeast: number
}

/** An admitted request's place: one slot of every subject, and one request in every window. */
export interface Slot {
  /**
   * Takes tokens from every subject's window atomically: as many of `atMost` as fit, but at least `atLeast`.
   * Returns how many were taken, or which window is full; then none were taken. A later call replaces what an
   * earlier one took. Synchronous if no store has to be asked.
   */
  takeTokens(ask: TokenAsk): number | Full | Promise<number | Full>
  /** Ends the request: frees the slot, corrects the windows to the tokens actually used. First end wins. */
  end(tokensUsed: number): void
  /** Ends a refused request as if it had never arrived: returns slot, request and tokens. First end wins. */
  giveBack(): void
  /** For the response headers, as of this request's last step; undefined if no subject limits this kind. */
  state(kind: 'requests' | 'tokens'): RateState | undefined
}

/**
 * Counts requests, tokens and requests in flight. Exact: no 60-second window admits more than the limit. Each
 * call below is one atomic step over all subjects: it takes from every one or from none.
 */
export interface Limiter {
  /**
   * Takes a slot and one request from every subject, or says which limit is full and takes nothing. Throws
   * `store_unavailable` if the store is down and the policy is to refuse.
   */
  admit(subjects: readonly Subject[]): Promise<Slot | Full>
  health(): LimiterHealth
  close(): Promise<void>
}

/** What happens to a kind of limit while the store is down: refuse, or let each replica admit its share. */
export type StoreFailurePolicy = 'refuse' | 'allow_within_local_share'

/** `admits` tells whether every limited request still has a chance in the meantime. */
export type LimiterHealth =
  | { readonly ok: true }
  | { readonly ok: false; readonly why: string; readonly admits: boolean }
