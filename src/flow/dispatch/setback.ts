import { type Failure, failureOf, Refusal } from '../../base/failure.ts'
import { add } from '../../base/money.ts'
import type { Target } from '../../base/target.ts'
import { cooldownOf, triage, waitBeforeRetry } from '../../upstream/triage.ts'
import type { Reply } from '../../upstream/upstream.ts'
import type { Admitted } from '../admit.ts'
import type { Ports } from '../ports.ts'
import type { UpstreamError } from '../relay/error.ts'
import type { Funded } from '../reserve.ts'
import type { Trip } from '../trip.ts'
import { OUT_OF_SOCKETS, resultOfFailure, resultOfStatus } from './attempt-result.ts'
import type { Dispatched } from './dispatched.ts'

/** A failed attempt: whether to retry, and what to tell the client if nothing else succeeds. */
export interface Setback {
  readonly lastWord: Dispatched | Failure
  /** Undefined when the same target should not be retried. */
  readonly retryInMs: number | undefined
}

export function isSetback(outcome: Dispatched | Setback): outcome is Setback {
  return 'lastWord' in outcome
}

/** The request an attempt was made for. */
export interface AdmittedRequest {
  readonly ports: Ports
  readonly trip: Trip
  readonly admitted: Admitted
}

/** An error answer is final if the client's own request is at fault; otherwise try again or go on. */
export function afterError(
  { ports, trip, admitted }: AdmittedRequest,
  begun: Dispatched,
  error: UpstreamError,
  retry: number,
): Dispatched | Setback {
  const { status, body } = error
  const { headers } = begun.reply
  const answered = { ...begun, error }
  const { target } = answered.funded.quote.candidate
  const verdict = triage(status, body, admitted.bearer !== undefined)
  ports.observer.attempted(trip, resultOfStatus(status))
  if (verdict === 'answer') {
    ports.health.succeeded(target)
    return answered
  }
  if (verdict === 'gone') ports.health.gone(target)
  // A target that rate-limits is up; its breaker must not count that as a failure.
  else if (status === 429 || (verdict === 'next' && status >= 400)) ports.health.answering(target)
  else ports.health.failed(target, trip.trial)
  const cooldown = status === 429 ? cooldownOf(headers) : undefined
  if (cooldown !== undefined) ports.health.strained(target, cooldown)
  ports.log.warn({ request: trip.id, target: target.model, status, verdict }, 'a target refused')
  if (status < 400) return { lastWord: noAnswer(target, answered.reply), retryInMs: undefined }
  return {
    lastWord:
      verdict === 'locked_out' ? { code: 'upstream_locked_out', target: target.model, status } : answered,
    retryInMs: verdict === 'retry' ? waitBeforeRetry(retry, headers, ports.random()) : undefined,
  }
}

/**
 * No answer. If the request was already being sent, it may be billed, so its bound is set aside. Throws
 * `LeftUnanswered` if that is because the client has left, and whatever is no failure of the upstream's.
 */
export function afterSilence(
  request: AdmittedRequest,
  { funded, attempt }: Pick<Dispatched, 'funded' | 'attempt'>,
  thrown: unknown,
  retry: number,
): Setback {
  const { ports, trip } = request
  const failure = failureOf(thrown)
  const { target } = funded.quote.candidate
  ports.observer.attempted(trip, resultOfFailure(failure))
  if (failure.code === 'client_left') {
    ports.health.inconclusive(target, trip.trial)
    throw new LeftUnanswered(funded, attempt.sent)
  }
  if (attempt.sent) {
    trip.owed = add(trip.owed, funded.atMost)
    trip.owedTokens += funded.tokens
  }
  if (failure.code === 'internal_error') throw thrown
  if (failure.code === 'out_of_sockets') return afterExhaustion(request, target, failure)
  ports.health.failed(target, trip.trial)
  ports.log.warn({ request: trip.id, target: target.model, failure }, 'a target did not answer')
  const wasSlow = failure.code === 'upstream_timeout' && failure.phase !== 'connect'
  return {
    lastWord: failure,
    retryInMs: wasSlow ? undefined : waitBeforeRetry(retry, {}, ports.random()),
  }
}

/** Our own want of sockets says nothing about the target. Another one may still have an open connection. */
function afterExhaustion({ ports, trip }: AdmittedRequest, target: Target, failure: Failure): Setback {
  ports.health.inconclusive(target, trip.trial)
  ports.log.error({ request: trip.id, failure }, OUT_OF_SOCKETS)
  return { lastWord: failure, retryInMs: undefined }
}

/** The client hung up before the upstream answered; `sent` tells whether it may be billed anyway. */
export class LeftUnanswered extends Refusal {
  readonly funded: Funded
  readonly sent: boolean

  constructor(funded: Funded, sent: boolean) {
    super({ code: 'client_left' })
    this.funded = funded
    this.sent = sent
  }
}

/** A page, a redirect or nothing instead of an answer: nothing was generated, so nothing is billed. */
function noAnswer(target: Target, { status, headers }: Reply): Failure {
  const detail = `status ${status} with ${headers['content-type'] ?? 'no content type'} is not an API answer`
  return { code: 'upstream_broken', target: target.model, detail }
}
