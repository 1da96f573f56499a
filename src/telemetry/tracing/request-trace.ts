import {
  type Context,
  type Span,
  SpanKind,
  type SpanOptions,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import type { Clock } from '../../base/clock.ts'
import type { Endpoint } from '../../base/endpoint.ts'
import type { Target } from '../../base/target.ts'
import type { Exchange } from '../../flow/exchange.ts'
import type { AttemptResult, Trace } from '../../flow/ports.ts'
import type { Trip } from '../../flow/trip.ts'
import type { Closing } from '../../ledger/row.ts'
import type { TracedUpstream } from '../settings.ts'
import { answerAttributes, operationOf, requestAttributes } from './attributes.ts'
import { providerOf } from './provider-name.ts'
import { writeTraceparent } from './traceparent.ts'

/** Shared by all traces. */
export interface TraceParts {
  readonly tracer: Tracer
  readonly clock: Clock
  /** Looks up an upstream of the configuration in force by name. */
  upstreamOf(name: string): TracedUpstream | undefined
}

/** One request as spans: the request, its current stage, its current attempt. */
export class RequestTrace implements Trace {
  readonly #parts: TraceParts
  readonly #endpoint: Endpoint
  readonly #request: Span
  /** Parent of its stages and attempts. */
  readonly #inside: Context
  #stage: Span | undefined
  #attempt: Span | undefined
  #attempts = 0

  /** The epoch time of `Clock.elapsed()` 0. A single clock, so that no child span outlasts its parent. */
  readonly #origin: number

  constructor(parts: TraceParts, { method, path }: Exchange, endpoint: Endpoint, outside: Context) {
    this.#parts = parts
    this.#endpoint = endpoint
    this.#origin = parts.clock.now() - parts.clock.elapsed()
    const attributes = { 'http.request.method': method, 'url.scheme': 'http', 'url.path': path }
    this.#request = this.#start(`${method} ${endpoint}`, { kind: SpanKind.SERVER, attributes }, outside)
    this.#inside = trace.setSpan(outside, this.#request)
  }

  get id(): string {
    return this.#request.spanContext().traceId
  }

  enter(stage: string): void {
    this.#leaveStage()
    this.#stage = this.#start(stage, { kind: SpanKind.INTERNAL })
  }

  ask(upstream: string, target: Target | undefined): string {
    this.#leaveStage()
    const operation = operationOf(this.#endpoint)
    const model = target?.sentModel
    const name = model === undefined ? operation : `${operation} ${model}`
    const attributes = {
      'gen_ai.operation.name': operation,
      'gen_ai.request.model': model,
      'trivium.upstream': upstream,
      ...(this.#attempts > 0 && { 'http.request.resend_count': this.#attempts }),
      ...this.#addressOf(upstream),
    }
    this.#attempts += 1
    this.#attempt = this.#start(name, { kind: SpanKind.CLIENT, attributes })
    return writeTraceparent(this.#attempt.spanContext())
  }

  attempted(result: AttemptResult): void {
    if (result === 'answered') return
    this.#attempt?.setAttribute('error.type', result)
    this.#attempt?.setStatus({ code: SpanStatusCode.ERROR })
    this.#attempt?.end(this.#now)
    this.#attempt = undefined
  }

  ended(trip: Trip, closing: Closing): void {
    this.#leaveStage()
    const isBroken = closing.outcome === 'broken' || closing.outcome === 'upstream_error'
    this.#attempt?.setAttributes({ 'gen_ai.request.stream': trip.stream, ...answerAttributes(trip, closing) })
    if (isBroken) {
      this.#attempt?.setAttribute('error.type', closing.errorCode ?? closing.outcome)
      this.#attempt?.setStatus({ code: SpanStatusCode.ERROR })
    }
    this.#attempt?.end(this.#now)
    this.#request.setAttributes(requestAttributes(trip, closing))
    // A refusal that is the client's own fault is no server error.
    if (isBroken || closing.status >= 500) this.#request.setStatus({ code: SpanStatusCode.ERROR })
    this.#request.end(this.#now)
  }

  /** Milliseconds since the epoch. */
  get #now(): number {
    return this.#origin + this.#parts.clock.elapsed()
  }

  #start(name: string, options: SpanOptions, context = this.#inside): Span {
    return this.#parts.tracer.startSpan(name, { ...options, startTime: this.#now }, context)
  }

  #leaveStage(): void {
    this.#stage?.end(this.#now)
    this.#stage = undefined
  }

  #addressOf(upstream: string): Record<string, string | number> {
    const settings = this.#parts.upstreamOf(upstream)
    if (settings === undefined) return { 'gen_ai.provider.name': 'openai' }
    const { hostname, port, protocol } = new URL(settings.baseUrl)
    return {
      'gen_ai.provider.name': providerOf(hostname, settings.kind),
      'server.address': hostname,
      'server.port': Number(port || (protocol === 'https:' ? 443 : 80)),
    }
  }
}
