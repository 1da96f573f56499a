import type { LimitKind } from '../base/failure.ts'

/** What a team or a key may do at most. An absent limit does not bind. */
export interface Limits {
  readonly requestsPerMinute?: number
  readonly tokensPerMinute?: number
  readonly concurrent?: number
}

/** Somebody limits apply to: `team:research`, `key:research/ci`. A request usually has two of them. */
export interface Subject {
  readonly id: string
  readonly limits: Limits
}

/** Which limit had no room. `retryAfterMs` is when it will have, as far as the window tells. */
export interface Full {
  readonly full: LimitKind
  readonly subject: string
  readonly limit: number
  readonly retryAfterMs: number
  /** The request alone is larger than the whole window: waiting will not help. */
  readonly never: boolean
}

export function isFull(outcome: object | number): outcome is Full {
  return typeof outcome === 'object' && 'full' in outcome
}

/** One row of the `x-ratelimit-*` headers: the tightest subject's limit, what is left of it, and when it is whole. */
export interface RateState {
  readonly limit: number
  readonly remaining: number
  readonly resetMs: number
}

/** How many tokens a request would take at the most, and fewer than how many are of no use to it. */
export interface TokenAsk {
  readonly atMost: number
  readonly atLeast: number
}

/** An admitted request's place: one slot of every subject, one request of every window. */
export interface Slot {
  /**
   * Takes tokens from every subject's window at once: as many of `atMost` as fit, but not fewer than `atLeast`.
   * Answers how many were taken, or which window is full; then nothing was taken. At most one call counts: a later
   * one replaces what an earlier one took. No promise where nobody else has to be asked.
   */
  takeTokens(ask: TokenAsk): number | Full | Promise<number | Full>
  /** Ends the request: frees the slot and corrects the windows to the tokens truly used. The first end counts. */
  end(tokensUsed: number): void
  /** Ends a refused request as if it had never come: slot, request and tokens are given back. The first end counts. */
  giveBack(): void
  /** What the response headers say, as this request's last step saw it; undefined for a kind that no subject limits. */
  state(kind: 'requests' | 'tokens'): RateState | undefined
}

/**
 * Counts requests, tokens and requests in flight. Exact: in no window of 60 seconds is more admitted than the limit,
 * and each call below is one atomic step over all subjects: it takes everywhere or nowhere.
 */
export interface Limiter {
  /**
   * Takes a slot and one request from every subject, or says which limit is full and takes nothing. Throws
   * `store_unavailable` where the store is away and the limits' policy is to refuse.
   */
  admit(subjects: readonly Subject[]): Promise<Slot | Full>
  health(): LimiterHealth
  close(): Promise<void>
}

/** What becomes of a kind of limit while the store is away: refuse, or let each replica admit its share of it. */
export type StoreFailurePolicy = 'refuse' | 'allow_within_local_share'

/** `admits` says whether every limited request still has a chance meanwhile. */
export type LimiterHealth =
  | { readonly ok: true }
  | { readonly ok: false; readonly why: string; readonly admits: boolean }
