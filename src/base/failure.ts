import type { NanoUsd } from './money.ts'

/** The state of the budget that refused. */
export interface BudgetStanding {
  readonly scope: string
  readonly team: string
  readonly limit: NanoUsd
  readonly spent: NanoUsd
  readonly held: NanoUsd
  /** Milliseconds since the epoch; null for a budget without a reset. */
  readonly resetsAt: number | null
}

/** Which of a subject's limits refused. */
export type LimitKind = 'requests' | 'tokens' | 'concurrent'

/**
 * Everything that can go wrong with a request, as a closed union: no other code can be thrown, and a code
 * without an answer in `server/envelope.ts` does not compile. Clients get the same code as rows, logs and
 * metrics. A test keeps `docs/errors.md` complete.
 */
export type Failure =
  // The client's own fault.
  | { readonly code: 'invalid_api_key'; readonly reason: 'missing' | 'unknown' | 'expired' }
  | { readonly code: 'invalid_json'; readonly detail: string }
  | { readonly code: 'invalid_request'; readonly detail: string; readonly param: string | null }
  | { readonly code: 'expectation_failed'; readonly expectation: string }
  | { readonly code: 'body_too_large'; readonly limitBytes: number }
  /** `team`: could have the path forwarded by adding `other` to its endpoints. */
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
   * `isUnlisted`: it is not configured; undefined if the client is not entitled to know. `param`: the field
   * that names it, if not `model`.
   */
  | {
      readonly code: 'model_not_found'
      readonly model: string
      readonly isUnlisted?: boolean
      readonly param?: string
    }
  /** `left`: the upstream it was created at, if that is no longer configured. */
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
  /** `unlisted`: the model that was named, if it is not configured: it might have served. */
  | {
      readonly code: 'no_capable_model'
      readonly reasons: readonly string[]
      readonly param: string | null
      readonly unlisted?: string
    }
  /** Both in tokens: the prompt's approximate length, and the longest context that could serve it. */
  | { readonly code: 'context_length_exceeded'; readonly promptTokens: number; readonly context: number }
  // The team's budgets and limits.
  | ({ readonly code: 'insufficient_quota' } & BudgetStanding)
  | ({ readonly code: 'budget_held' } & BudgetStanding)
  | {
      readonly code: 'rate_limit_exceeded'
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
  // The upstream's fault, or ours.
  | { readonly code: 'upstream_unreachable'; readonly target: string; readonly detail: string }
  | {
      readonly code: 'upstream_timeout'
      readonly target: string
      readonly phase: UpstreamPhase
      readonly afterMs: number
    }
  | { readonly code: 'upstream_broken'; readonly target: string; readonly detail: string }
  | { readonly code: 'upstream_unavailable'; readonly target: string; readonly retryAfterMs: number }
  /** The upstream refuses our key or account: the operator must fix that; it is no client's fault. */
  | { readonly code: 'upstream_locked_out'; readonly target: string; readonly status: number }
  /**
   * This process or machine has no file descriptor or port left to connect with. The upstream knows nothing
   * of it.
   */
  | { readonly code: 'out_of_sockets'; readonly target: string; readonly detail: string }
  | { readonly code: 'store_unavailable'; readonly detail: string }
  | { readonly code: 'draining' }
  | { readonly code: 'internal_error' }
  // Nobody is left to tell.
  | { readonly code: 'client_left' }

export type UpstreamPhase = 'connect' | 'first_byte' | 'idle' | 'total'

export type FailureCode = Failure['code']

/** The only exception of the request path. Carries a `Failure` and nothing else. */
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

/** Our own refusals yield their failure, anything else `internal_error`. */
export function failureOf(thrown: unknown): Failure {
  return thrown instanceof Refusal ? thrown.failure : { code: 'internal_error' }
}
