import type { NanoUsd } from './money.ts'

/** Where the budget that refused stands. */
export interface BudgetStanding {
  readonly scope: string
  readonly team: string
  readonly limit: NanoUsd
  readonly spent: NanoUsd
  readonly held: NanoUsd
  /** Milliseconds since the epoch; null for a budget that never starts anew. */
  readonly resetsAt: number | null
}

/** Which of several limits of one subject refused. */
export type LimitKind = 'requests' | 'tokens' | 'concurrent'

/**
 * Everything that can go wrong with a request, closed: a code that is not here cannot be thrown, and one without an
 * answer in `server/envelope.ts` does not compile. `docs/errors.md` lists them all, by test.
 */
export type Failure =
  // The client's own doing.
  | { readonly code: 'invalid_api_key'; readonly reason: 'missing' | 'unknown' | 'expired' }
  | { readonly code: 'invalid_json'; readonly detail: string }
  | { readonly code: 'invalid_request'; readonly detail: string; readonly param: string | null }
  | { readonly code: 'expectation_failed'; readonly expectation: string }
  | { readonly code: 'body_too_large'; readonly limitBytes: number }
  /** `team`: could have it forwarded, if its endpoints said so. */
  | {
      readonly code: 'unknown_url'
      readonly method: string
      readonly path: string
      readonly team?: string
    }
  | {
      readonly code: 'method_not_allowed'
      readonly method: string
      readonly path: string
      readonly allow: readonly string[]
    }
  | { readonly code: 'endpoint_not_allowed'; readonly endpoint: string; readonly team: string }
  /**
   * `isUnlisted`: nobody has configured it; undefined where that is not for the asker to know. `param`: where it stands, if
   * not in `model`.
   */
  | {
      readonly code: 'model_not_found'
      readonly model: string
      readonly isUnlisted?: boolean
      readonly param?: string
    }
  /** `left`: the upstream it was made at, where that is no longer configured. */
  | {
      readonly code: 'previous_response_not_found'
      readonly id: string
      readonly left?: string
      readonly param?: string
    }
  | {
      readonly code: 'object_not_found'
      readonly id: string
      readonly left?: string
      readonly param?: string
    }
  /** `unlisted`: the model that was named, where nobody has configured it: it might have served. */
  | {
      readonly code: 'no_capable_model'
      readonly reasons: readonly string[]
      readonly param: string | null
      readonly unlisted?: string
    }
  /** Both are tokens: about how many the prompt has, and the most any model that could serve it takes. */
  | { readonly code: 'context_length_exceeded'; readonly promptTokens: number; readonly context: number }
  // The team's budgets and limits.
  | ({ readonly code: 'budget_exhausted' } & BudgetStanding)
  | ({ readonly code: 'budget_held' } & BudgetStanding)
  | {
      readonly code: 'rate_limited'
      readonly scope: string
      readonly kind: LimitKind
      readonly limit: number
      readonly retryAfterMs: number
    }
  | {
      readonly code: 'request_too_large'
      readonly scope: string
      readonly limit: number
      readonly need: number
    }
  // The upstream's doing, or ours.
  | { readonly code: 'upstream_unreachable'; readonly target: string; readonly detail: string }
  | {
      readonly code: 'upstream_timeout'
      readonly target: string
      readonly phase: UpstreamPhase
      readonly afterMs: number
    }
  | { readonly code: 'upstream_broken'; readonly target: string; readonly detail: string }
  | { readonly code: 'upstream_unavailable'; readonly target: string; readonly retryAfterMs: number }
  /** The upstream refuses our key or account: for the operator to mend, and no client's fault. */
  | { readonly code: 'upstream_locked_out'; readonly target: string; readonly status: number }
  | { readonly code: 'store_unavailable'; readonly detail: string }
  | { readonly code: 'draining' }
  | { readonly code: 'internal_error' }
  // Nobody is left to be told.
  | { readonly code: 'client_left' }

export type UpstreamPhase = 'connect' | 'first_byte' | 'idle' | 'total'

export type FailureCode = Failure['code']

/** The one exception of the request path: it carries a `Failure` and nothing else. */
export class Refusal extends Error {
  readonly failure: Failure

  constructor(failure: Failure, cause?: unknown) {
    super(failure.code, cause === undefined ? undefined : { cause })
    this.name = 'Refusal'
    this.failure = failure
  }
}

/** Ends the request with a failure. */
export function fail(failure: Failure, cause?: unknown): never {
  throw new Refusal(failure, cause)
}

/** The failure in whatever was thrown: our own refusals as they are, anything else as `internal_error`. */
export function failureOf(thrown: unknown): Failure {
  return thrown instanceof Refusal ? thrown.failure : { code: 'internal_error' }
}
