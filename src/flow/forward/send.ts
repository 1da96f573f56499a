import { fail, failureOf } from '../../base/failure.ts'
import { add } from '../../base/money.ts'
import { asJson, forwardable } from '../../upstream/headers.ts'
import type { Attempt, Call, Reply } from '../../upstream/upstream.ts'
import type { Admitted } from '../admit.ts'
import { withModel } from '../body-model.ts'
import { OUT_OF_SOCKETS, resultOfFailure, resultOfStatus } from '../dispatch/attempt-result.ts'
import { headerOf } from '../exchange.ts'
import type { Ports } from '../ports.ts'
import type { Trip } from '../trip.ts'
import { formWithModel } from './form.ts'
import type { Funded } from './fund.ts'

/** An upstream has begun to answer. */
export interface Sent extends Funded {
  readonly reply: Reply
  readonly attempt: Attempt
}

/**
 * One attempt only: the client chose the model and may be asking for more than text, so retrying is its
 * decision. Throws the attempt's failure; what may have been billed by then is owed.
 */
export async function send(ports: Ports, trip: Trip, admitted: Admitted, funded: Funded): Promise<Sent> {
  const { exchange, live } = trip
  const upstream = live.upstream(funded.upstream)
  if (upstream === undefined) {
    fail({ code: 'upstream_unreachable', target: 'this request', detail: 'no upstream is configured' })
  }
  if (exchange.gone) fail({ code: 'client_left' })
  trip.target = funded.target
  trip.forwardedTo = funded.upstream
  trip.attempts = 1
  trip.dispatchedAt = ports.clock.elapsed()
  const attempt = upstream.start(callOf(trip, admitted, funded))
  trip.inFlight = attempt
  exchange.onGone(() => trip.inFlight?.abort())
  try {
    const reply = await attempt.reply
    const result = reply.status < 400 ? 'answered' : resultOfStatus(reply.status)
    ports.observer.attempted(trip, result)
    return { ...funded, attempt, reply }
  } catch (thrown) {
    if (attempt.sent) owe(trip, funded)
    const failure = failureOf(thrown)
    ports.observer.attempted(trip, resultOfFailure(failure))
    if (failure.code.startsWith('upstream_')) {
      ports.log.warn({ request: trip.id, upstream: funded.upstream, failure }, 'an upstream did not answer')
    }
    if (failure.code === 'out_of_sockets') {
      ports.log.error({ request: trip.id, failure }, OUT_OF_SOCKETS)
    }
    throw thrown
  }
}

/** Nothing says what was used, so the bound stands; a model without a price has none. */
export function owe(trip: Trip, { atMost, most, operation, price }: Funded): void {
  trip.owesUnpriced = price === undefined && operation.billing !== 'free'
  trip.owed = add(trip.owed, atMost)
  trip.owedTokens += most.input + most.output
}

function callOf(trip: Trip, { bearer }: Admitted, funded: Funded): Call {
  const { body, length, read, target, rewritten, isJson } = funded
  const { method, path, query, headers } = trip.exchange
  const forwarded = forwardable(headers, bearer !== undefined)
  if (trip.trace !== undefined) forwarded.traceparent = trip.trace.ask(funded.upstream, target)
  if (isJson) asJson(forwarded)
  const model = target?.sentModel ?? funded.model
  const type = headerOf(headers, 'content-type')
  const isRenamed = read !== undefined && model !== '' && model !== read.named
  const renamed = isRenamed
    ? (formWithModel(read.plain, type, model) ?? withModel(read.plain, model))
    : undefined
  const changed = renamed ?? rewritten
  if (changed !== undefined) delete forwarded['content-encoding']
  else if (!Buffer.isBuffer(body) && body !== null && length !== undefined) {
    forwarded['content-length'] = String(length)
  }
  return { method, path: path + query, headers: forwarded, body: changed ?? body, model, bearer }
}
