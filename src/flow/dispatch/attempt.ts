import { fail, failureOf, Refusal } from '../../base/failure.ts'
import type { Target } from '../../base/target.ts'
import { readAnswer } from '../../upstream/answer-report.ts'
import { asJson, forwardable } from '../../upstream/headers.ts'
import { isAnswer, isStream, mayBeError, statusMeant } from '../../upstream/triage.ts'
import type { Reply, Attempt as UpstreamAttempt } from '../../upstream/upstream.ts'
import { readWhole } from '../../upstream/whole-body.ts'
import type { Funded, Reserved } from '../reserve.ts'
import { resultOfFailure } from './attempt-result.ts'
import { breakOff } from './broken-answer.ts'
import type { Dispatched } from './dispatched.ts'
import { type AdmittedRequest, afterError, afterSilence, type Setback } from './setback.ts'

/** The request that attempts are made for, and the money for them. */
export interface ReservedRequest extends AdmittedRequest {
  readonly reserved: Reserved
}

/**
 * Asks one target once and judges what comes back. `retry` counts from 0 and sets the wait before the next
 * one. Throws `client_left`; as `LeftUnanswered` once the target has been asked.
 */
export async function attemptOnce(
  request: ReservedRequest,
  funded: Funded,
  retry: number,
): Promise<Dispatched | Setback> {
  const { ports, trip, reserved } = request
  // If the client left while money was being found, start nothing: nobody would be there to stop it.
  if (trip.exchange.gone) fail({ code: 'client_left' })
  const { target } = funded.quote.candidate
  trip.target = target
  trip.attempts += 1
  trip.trial = ports.health.started(target)
  const attempt = start(request, funded)
  trip.inFlight = attempt
  let reply: Reply
  try {
    reply = await attempt.reply
  } catch (thrown) {
    return afterSilence(request, { funded, attempt }, thrown, retry)
  }
  const answered = { ...reserved, funded, reply, attempt, error: undefined, wholeBody: undefined }
  const { 'content-type': type } = reply.headers
  if (isAnswer(reply.status, type)) {
    if (reply.lastByteAt === undefined) return afterSilence(request, answered, nothing(target), retry)
    if (mayBeError(reply.beginning, isStream(type, reserved.needs.stream)))
      return afterDoubt(request, answered, retry)
    ports.health.answering(target)
    ports.observer.attempted(trip, 'answered')
    return answered
  }
  const body = await readWhole(reply, target.model).catch(() => Buffer.alloc(0))
  return afterError(request, answered, { status: reply.status, body }, retry)
}

/** A success status whose body may be nothing but an error; if so, it is treated as one. */
async function afterDoubt(
  request: ReservedRequest,
  answered: Dispatched,
  retry: number,
): Promise<Dispatched | Setback> {
  const { ports, trip } = request
  const { reply, funded } = answered
  const { target } = funded.quote.candidate
  const body = await readWhole(reply, target.model).catch((thrown) => {
    ports.health.answering(target)
    ports.observer.attempted(trip, resultOfFailure(failureOf(thrown)))
    breakOff(ports, funded, thrown)
  })
  const { failed, hasWords, usage } = readAnswer(body)
  if (failed && !hasWords && usage === 'unreported') {
    return afterError(request, answered, { status: statusMeant(body), body }, retry)
  }
  ports.health.answering(target)
  ports.observer.attempted(trip, 'answered')
  return { ...answered, wholeBody: body }
}

function start({ trip, admitted, reserved }: ReservedRequest, funded: Funded): UpstreamAttempt {
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

/** A success without a single byte. Its cost is unknown. */
function nothing({ model }: Target): Refusal {
  return new Refusal({ code: 'upstream_broken', target: model, detail: 'it ended before its first byte' })
}
