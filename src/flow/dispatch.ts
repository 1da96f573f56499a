import { type Failure, fail, failureOf, Refusal } from '../base/failure.ts'
import { add } from '../base/money.ts'
import type { Target } from '../base/target.ts'
import type { Usable } from '../routing/decide.ts'
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
import type { Attempt, Reply } from '../upstream/upstream.ts'
import { readWhole } from '../upstream/whole-body.ts'
import type { Admitted } from './admit.ts'
import { OUT_OF_SOCKETS, resultOfFailure, resultOfStatus } from './attempt-result.ts'
import { headerOf } from './exchange.ts'
import type { Ports } from './ports.ts'
import type { UpstreamError } from './relay-error.ts'
import { type Funded, fund, type Reserved } from './reserve.ts'
import type { Trip } from './trip.ts'

/** An upstream has begun to answer; no other is asked any more. */
export interface Dispatched extends Reserved {
  readonly funded: Funded
  readonly reply: Reply
  readonly attempt: Attempt
  /** An error answer. Its body had to be read to know that it is final. */
  readonly error: UpstreamError | undefined
  /** The body of a success that had to be read to make sure it is not an error. */
  readonly wholeBody: Buffer | undefined
}

/** A failed attempt: whether to retry, and what to tell the client if nothing else succeeds. */
interface Setback {
  readonly lastWord: Dispatched | Failure
  /** Undefined when the same target should not be retried. */
  readonly retryInMs: number | undefined
}

/**
 * Asks the candidates in turn, each as often as its upstream's settings allow, until one begins to answer.
 * Never retries after a first byte. If none answers, the client gets the last upstream's own error, or the
 * last failure is thrown.
 */
export function dispatch(
  ports: Ports,
  trip: Trip,
  admitted: Admitted,
  reserved: Reserved,
): Promise<Dispatched> {
  return new Dispatch(ports, trip, admitted, reserved).run()
}

class Dispatch {
  readonly #ports: Ports
  readonly #trip: Trip
  readonly #admitted: Admitted
  readonly #reserved: Reserved

  constructor(ports: Ports, trip: Trip, admitted: Admitted, reserved: Reserved) {
    this.#ports = ports
    this.#trip = trip
    this.#admitted = admitted
    this.#reserved = reserved
  }

  async run(): Promise<Dispatched> {
    this.#trip.dispatchedAt = this.#ports.clock.elapsed()
    this.#trip.exchange.onGone(() => this.#trip.inFlight?.abort())
    let lastWord: Setback['lastWord'] = { code: 'internal_error' }
    const { usable } = this.#reserved.decision
    for (const [place, candidate] of usable.entries()) {
      const hasTwin = usable[place + 1]?.target.model === candidate.target.model
      const outcome = await this.#try(candidate, hasTwin ? 0 : this.#retriesOn(candidate.target))
      if (outcome === undefined) break
      if (!('lastWord' in outcome)) return outcome
      lastWord = outcome.lastWord
      if (this.#isOverdue(candidate.target)) break
    }
    return 'code' in lastWord ? fail(lastWord) : lastWord
  }

  /** Tries one target until it answers or retries run out. Undefined if nothing pays for another attempt. */
  async #try(candidate: Usable, retries: number): Promise<Dispatched | Setback | undefined> {
    const { target } = candidate
    let setback: Setback | undefined
    for (let retry = 0; retry <= retries; retry += 1) {
      if (this.#trip.attempts > 0) {
        const absence = this.#ports.health.absenceOf(target)
        if (absence !== undefined) return setback ?? unavailable(target, absence.retryAfterMs)
      }
      const funded = await this.#fund(candidate)
      if (funded === undefined) return setback
      const outcome = await this.#tryOnce(funded, retry)
      if (!('lastWord' in outcome)) return outcome
      setback = outcome
      if (setback.retryInMs === undefined || retry === retries || this.#isOverdue(target)) break
      if (!this.#ports.health.mayRetry(target)) break
      await this.#pause(setback.retryInMs)
    }
    return setback
  }

  /**
   * None if the client itself is retrying. A target with a twin gets none either: `run` asks the twin at
   * once.
   */
  #retriesOn({ upstream }: Target): number {
    const tried = Number(headerOf(this.#trip.exchange.headers, 'x-stainless-retry-count') ?? 0)
    return tried > 0 ? 0 : this.#trip.live.runtime.retriesOf(upstream)
  }

  #fund(candidate: Usable): Funded | Promise<Funded | undefined> {
    return this.#trip.attempts === 0 ? this.#reserved.first : fund(this.#trip, this.#reserved, candidate)
  }

  async #tryOnce(funded: Funded, retry: number): Promise<Dispatched | Setback> {
    // If the client left while money was being found, start nothing: nobody would be there to stop it.
    if (this.#trip.exchange.gone) fail({ code: 'client_left' })
    const { target } = funded.quote.candidate
    this.#trip.target = target
    this.#trip.attempts += 1
    this.#ports.health.started(target)
    const attempt = this.#start(funded)
    this.#trip.inFlight = attempt
    let reply: Reply
    try {
      reply = await attempt.reply
    } catch (thrown) {
      return this.#afterSilence(funded, attempt, thrown, retry)
    }
    const answered = { ...this.#reserved, funded, reply, attempt, error: undefined, wholeBody: undefined }
    if (isAnswer(reply.status, reply.headers['content-type'])) {
      if (reply.lastByteAt === undefined) return this.#afterSilence(funded, attempt, nothing(target), retry)
      if (beginsAsError(reply.beginning)) return this.#afterDoubt(answered, retry)
      this.#ports.health.answering(target)
      this.#ports.observer.attempted(this.#trip, 'answered')
      return answered
    }
    const body = await readWhole(reply, target.model).catch(() => Buffer.alloc(0))
    return this.#afterError(answered, { status: reply.status, body }, retry)
  }

  /** A success status whose body may be nothing but an error; if so, it is treated as one. */
  async #afterDoubt(answered: Dispatched, retry: number): Promise<Dispatched | Setback> {
    const { reply, attempt, funded } = answered
    const { target } = funded.quote.candidate
    let body: Buffer
    try {
      body = await readWhole(reply, target.model)
    } catch (thrown) {
      return this.#afterSilence(funded, attempt, thrown, retry)
    }
    const { failed, hasWords, usage } = readAnswer(body)
    if (failed && !hasWords && usage === 'unreported') {
      return this.#afterError(answered, { status: statusMeant(body), body }, retry)
    }
    this.#ports.health.answering(target)
    this.#ports.observer.attempted(this.#trip, 'answered')
    return { ...answered, wholeBody: body }
  }

  /** An error answer is final if the client's own request is at fault; otherwise try again or go on. */
  #afterError(begun: Dispatched, error: UpstreamError, retry: number): Dispatched | Setback {
    const { status, body } = error
    const { headers } = begun.reply
    const answered = { ...begun, error }
    const { target } = answered.funded.quote.candidate
    const verdict = triage(status, body, this.#admitted.bearer !== undefined)
    this.#ports.observer.attempted(this.#trip, resultOfStatus(status))
    if (verdict === 'answer') {
      this.#ports.health.succeeded(target)
      return answered
    }
    if (verdict === 'gone') this.#ports.health.gone(target)
    // A target that rate-limits is up; its breaker must not count that as a failure.
    else if (status === 429 || (verdict === 'next' && status >= 400)) this.#ports.health.answering(target)
    else this.#ports.health.failed(target)
    const cooldown = status === 429 ? cooldownOf(headers) : undefined
    if (cooldown !== undefined) this.#ports.health.strained(target, cooldown)
    this.#ports.log.warn(
      { request: this.#trip.id, target: target.model, status, verdict },
      'a target refused',
    )
    if (status < 400) return { lastWord: noAnswer(target, answered.reply), retryInMs: undefined }
    return {
      lastWord:
        verdict === 'locked_out' ? { code: 'upstream_locked_out', target: target.model, status } : answered,
      retryInMs: verdict === 'retry' ? waitBeforeRetry(retry, headers, this.#ports.random()) : undefined,
    }
  }

  /** No answer. If the request was already being sent, it may be billed, so its bound is set aside. */
  #afterSilence(funded: Funded, attempt: Attempt, thrown: unknown, retry: number): Setback {
    const failure = failureOf(thrown)
    const { target } = funded.quote.candidate
    this.#ports.observer.attempted(this.#trip, resultOfFailure(failure))
    if (failure.code === 'client_left') throw new LeftUnanswered(funded, attempt.sent)
    if (attempt.sent) {
      this.#trip.owed = add(this.#trip.owed, funded.atMost)
      this.#trip.owedTokens += funded.tokens
    }
    if (failure.code === 'internal_error') throw thrown
    if (failure.code === 'out_of_sockets') return this.#afterExhaustion(target, failure)
    this.#ports.health.failed(target)
    this.#ports.log.warn({ request: this.#trip.id, target: target.model, failure }, 'a target did not answer')
    const wasSlow = failure.code === 'upstream_timeout' && failure.phase !== 'connect'
    return {
      lastWord: failure,
      retryInMs: wasSlow ? undefined : waitBeforeRetry(retry, {}, this.#ports.random()),
    }
  }

  /** Our own want of sockets says nothing about the target. Another one may still have an open connection. */
  #afterExhaustion(target: Target, failure: Failure): Setback {
    this.#ports.health.unasked(target)
    this.#ports.log.error({ request: this.#trip.id, failure }, OUT_OF_SOCKETS)
    return { lastWord: failure, retryInMs: undefined }
  }

  #start(funded: Funded): Attempt {
    const { target } = funded.quote.candidate
    const { request, dialect, decision, budgets } = this.#reserved
    const upstream = this.#trip.live.upstream(target.upstream)
    if (upstream === undefined) fail({ code: 'internal_error' })
    const adapted = request.adapt({
      target,
      outputCap: funded.outputCap,
      stateCap: budgets.length > 0,
      asAsked: decision.asAsked,
    })
    this.#trip.adapted = adapted.changes
    const headers = forwardable(this.#trip.exchange.headers, this.#admitted.bearer !== undefined)
    asJson(headers)
    const { trace } = this.#trip
    if (trace !== undefined) headers.traceparent = trace.ask(target.upstream, target)
    return upstream.start({
      method: 'POST',
      path: dialect.path + this.#trip.exchange.query,
      headers,
      body: adapted.body,
      model: target.sentModel,
      bearer: this.#admitted.bearer,
    })
  }

  #isOverdue(target: Target): boolean {
    const elapsed = this.#ports.clock.elapsed() - this.#trip.exchange.arrivedAt
    return elapsed > this.#trip.live.runtime.totalTimeoutOf(target.upstream)
  }

  /** Waits before a retry, but no longer than the client does. */
  async #pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.#trip.inFlight = {
        abort() {
          clearTimeout(timer)
          resolve()
        },
      }
    })
    if (this.#trip.exchange.gone) fail({ code: 'client_left' })
  }
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

function unavailable(target: Target, retryAfterMs: number | undefined): Setback {
  const lastWord: Failure = {
    code: 'upstream_unavailable',
    target: target.model,
    retryAfterMs: retryAfterMs ?? 60_000,
  }
  return { lastWord, retryInMs: undefined }
}
