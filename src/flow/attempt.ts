import { type Failure, fail, failureOf, Refusal } from '../base/failure.ts'
import { add } from '../base/money.ts'
import type { Target } from '../base/target.ts'
import { readAnswer } from '../upstream/answer-report.ts'
import { asJson, forwardable } from '../upstream/headers.ts'
import {
  beginsAsError,
  cooldownOf,
  isAnswer,
  statusMeant,
  triage,
  waitBeforeRetry,
} from '../upstream/triage.ts'
import type { Reply, Attempt as UpstreamAttempt } from '../upstream/upstream.ts'
import { readWhole } from '../upstream/whole-body.ts'
import type { Admitted } from './admit.ts'
import { OUT_OF_SOCKETS, resultOfFailure, resultOfStatus } from './attempt-result.ts'
import type { Ports } from './ports.ts'
import type { UpstreamError } from './relay-error.ts'
import type { Funded, Reserved } from './reserve.ts'
import type { Trip } from './trip.ts'

/** An upstream has begun to answer; no other is asked any more. */
export interface Dispatched extends Reserved {
  readonly funded: Funded
  readonly reply: Reply
  readonly attempt: UpstreamAttempt
  /** An error answer. Its body had to be read to know that it is final. */
  readonly error: UpstreamError | undefined
  /** The body of a success that had to be read to make sure it is not an error. */
  readonly wholeBody: Buffer | undefined
}

/** A failed attempt: whether to retry, and what to tell the client if nothing else succeeds. */
export interface Setback {
  readonly lastWord: Dispatched | Failure
  /** Undefined when the same target should not be retried. */
  readonly retryInMs: number | undefined
}

export function isSetback(outcome: Dispatched | Setback): outcome is Setback {
  return 'lastWord' in outcome
}

/** The request that attempts are made for. */
export interface Asking {
  readonly ports: Ports
  readonly trip: Trip
  readonly admitted: Admitted
  readonly reserved: Reserved
}

/**
 * Asks one target once and judges what comes back. `retry` counts from 0 and sets the wait before the next
 * one. Throws `client_left`; as `LeftUnanswered` once the target has been asked.
 */
export async function attemptOnce(
  asking: Asking,
  funded: Funded,
  retry: number,
): Promise<Dispatched | Setback> {
  const { ports, trip, reserved } = asking
  // If the client left while money was being found, start nothing: nobody would be there to stop it.
  if (trip.exchange.gone) fail({ code: 'client_left' })
  const { target } = funded.quote.candidate
  trip.target = target
  trip.attempts += 1
  ports.health.started(target)
  const attempt = start(asking, funded)
  trip.inFlight = attempt
  let reply: Reply
  try {
    reply = await attempt.reply
  } catch (thrown) {
    return afterSilence(asking, funded, attempt, thrown, retry)
  }
  const answered = { ...reserved, funded, reply, attempt, error: undefined, wholeBody: undefined }
  if (isAnswer(reply.status, reply.headers['content-type'])) {
    if (reply.lastByteAt === undefined) return afterSilence(asking, funded, attempt, nothing(target), retry)
    if (beginsAsError(reply.beginning)) return afterDoubt(asking, answered, retry)
    ports.health.answering(target)
    ports.observer.attempted(trip, 'answered')
    return answered
  }
  const body = await readWhole(reply, target.model).catch(() => Buffer.alloc(0))
  return afterError(asking, answered, { status: reply.status, body }, retry)
}

/** A success status whose body may be nothing but an error; if so, it is treated as one. */
async function afterDoubt(
  asking: Asking,
  answered: Dispatched,
  retry: number,
): Promise<Dispatched | Setback> {
  const { ports, trip } = asking
  const { reply, attempt, funded } = answered
  const { target } = funded.quote.candidate
  let body: Buffer
  try {
    body = await readWhole(reply, target.model)
  } catch (thrown) {
    return afterSilence(asking, funded, attempt, thrown, retry)
  }
  const { failed, hasWords, usage } = readAnswer(body)
  if (failed && !hasWords && usage === 'unreported') {
    return afterError(asking, answered, { status: statusMeant(body), body }, retry)
  }
  ports.health.answering(target)
  ports.observer.attempted(trip, 'answered')
  return { ...answered, wholeBody: body }
}

/** An error answer is final if the client's own request is at fault; otherwise try again or go on. */
function afterError(
  { ports, trip, admitted }: Asking,
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
  else ports.health.failed(target)
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

/** No answer. If the request was already being sent, it may be billed, so its bound is set aside. */
function afterSilence(
  asking: Asking,
  funded: Funded,
  attempt: UpstreamAttempt,
  thrown: unknown,
  retry: number,
): Setback {
  const { ports, trip } = asking
  const failure = failureOf(thrown)
  const { target } = funded.quote.candidate
  ports.observer.attempted(trip, resultOfFailure(failure))
  if (failure.code === 'client_left') {
    ports.health.untold(target)
    throw new LeftUnanswered(funded, attempt.sent)
  }
  if (attempt.sent) {
    trip.owed = add(trip.owed, funded.atMost)
    trip.owedTokens += funded.tokens
  }
  if (failure.code === 'internal_error') throw thrown
  if (failure.code === 'out_of_sockets') return afterExhaustion(asking, target, failure)
  ports.health.failed(target)
  ports.log.warn({ request: trip.id, target: target.model, failure }, 'a target did not answer')
  const wasSlow = failure.code === 'upstream_timeout' && failure.phase !== 'connect'
  return {
    lastWord: failure,
    retryInMs: wasSlow ? undefined : waitBeforeRetry(retry, {}, ports.random()),
  }
}

/** Our own want of sockets says nothing about the target. Another one may still have an open connection. */
function afterExhaustion({ ports, trip }: Asking, target: Target, failure: Failure): Setback {
  ports.health.untold(target)
  ports.log.error({ request: trip.id, failure }, OUT_OF_SOCKETS)
  return { lastWord: failure, retryInMs: undefined }
}

function start({ trip, admitted, reserved }: Asking, funded: Funded): UpstreamAttempt {
  const { target } = funded.quote.candidate
  const { request, dialect, decision, budgets } = reserved
  const upstream = trip.live.upstream(target.upstream)
  if (upstream === undefined) fail({ code: 'internal_error' })
  const adapted = request.adapt({
    target,
    outputCap: funded.outputCap,
    stateCap: budgets.length > 0,
    asAsked: decision.asAsked,
  })
  trip.adapted = adapted.changes
  const headers = forwardable(trip.exchange.headers, admitted.bearer !== undefined)
  asJson(headers)
  const { trace } = trip
  if (trace !== undefined) headers.traceparent = trace.ask(target.upstream, target)
  return upstream.start({
    method: 'POST',
    path: dialect.path + trip.exchange.query,
    headers,
    body: adapted.body,
    model: target.sentModel,
    bearer: admitted.bearer,
  })
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

/** A success without a single byte. Its cost is unknown. */
function nothing({ model }: Target): Refusal {
  return new Refusal({ code: 'upstream_broken', target: model, detail: 'it ended before its first byte' })
}

/** A page, a redirect or nothing instead of an answer: nothing was generated, so nothing is billed. */
function noAnswer(target: Target, { status, headers }: Reply): Failure {
  const detail = `status ${status} with ${headers['content-type'] ?? 'no content type'} is not an API answer`
  return { code: 'upstream_broken', target: target.model, detail }
}
