import type { Absence, BreakerTrial } from '../base/availability.ts'
import type { Clock } from '../base/clock.ts'
import type { Endpoint } from '../base/endpoint.ts'
import type { Failure } from '../base/failure.ts'
import type { Holder } from '../base/holder.ts'
import type { Log } from '../base/log.ts'
import type { Target } from '../base/target.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Closing } from '../ledger/row.ts'
import type { Limiter } from '../limits/limiter.ts'
import type { Upstream } from '../upstream/upstream.ts'
import type { Exchange } from './exchange.ts'
import type { Runtime } from './runtime.ts'
import type { Trip } from './trip.ts'

/** Everything a request's life needs from outside, supplied by `compose.ts`. */
export interface Ports {
  readonly clock: Clock
  readonly ledger: Ledger
  readonly limiter: Limiter
  readonly health: Health
  readonly tokenizer: Tokenizer
  readonly holders: Holders
  readonly observer: Observer
  readonly log: Pick<Log, 'warn' | 'error'>
  /** The configuration in force. A request asks once, at its start, and keeps the answer to its end. */
  live(): Live
  /** True once shutdown has begun: requests in flight finish, new ones are refused. */
  draining(): boolean
  /** A number in [0, 1), for jitter. */
  random(): number
  /** The answer to each failure; see `server/envelope.ts`. */
  answerTo(failure: Failure): FailureAnswer
}

/** A configuration and its connections. */
export interface Live {
  readonly runtime: Runtime
  upstream(name: string): Upstream | undefined
}

/**
 * What is known of each target: a circuit breaker, and what its upstream has said of itself. Every call takes
 * effect at once, and none throws.
 */
export interface Health {
  /** Why the target should not be asked now; undefined if it may be. A pure query. */
  absenceOf(target: Target): Absence | undefined
  /** Whether its upstream has asked for a pause, as overloaded ones do. */
  isStrained(target: Target): boolean
  /** Its upstream has asked for a pause of this many milliseconds. */
  strained(target: Target, forMs: number): void
  /** Takes a retry from its upstream's budget of them. */
  mayRetry(target: Target): boolean
  /**
   * An attempt has begun. One of the calls below says how it went. Returns a trial if this attempt shows
   * whether the target is back after a rest; there is one at a time.
   */
  started(target: Target): BreakerTrial | undefined
  /** The attempt says nothing about the target: the client left, or the fault was ours. */
  inconclusive(target: Target, trial: BreakerTrial | undefined): void
  /** An answer has begun; `succeeded` or `failed` says how it ended. */
  answering(target: Target): void
  /** The answer is complete, or was an error that is not the target's fault. */
  succeeded(target: Target): void
  /** No answer, a broken one, or an error that is the target's fault. */
  failed(target: Target, trial?: BreakerTrial): void
  /** Its upstream does not have this model, or not any more. */
  gone(target: Target): void
}

/**
 * Counts `o200k_base` tokens off the event loop. Never too few: text that cannot be counted in time counts by
 * its UTF-8 bytes, which tokens never outnumber.
 */
export interface Tokenizer {
  count(text: string): Promise<number>
}

/** Remembers who holds which state, by the ids that answers carry. */
export interface Holders {
  remember(ids: readonly string[], holder: Holder): void
  /**
   * Undefined for an id nobody has seen. Throws `store_unavailable` if that cannot be determined now.
   * `isAwaited`: the client may have got the id a moment ago from another replica that is still recording it,
   * so it is waited for; otherwise it may not be an id at all.
   */
  holderOf(id: string, isAwaited: boolean): Promise<Holder | undefined>
}

/** The outcome of one attempt. `refused`: a 4xx other than 429. */
export type AttemptResult =
  | 'answered'
  | 'refused'
  | 'rate_limited'
  | 'failed'
  | 'timeout'
  | 'unreachable'
  | 'out_of_sockets'
  | 'broken'
  | 'client_left'

export type Store = 'ledger' | 'limits'

/** The distributed trace of one request, through its stages and on to its upstreams. */
export interface Trace {
  /** 32 hexadecimal digits. */
  readonly id: string
  /** Begins a stage, which ends the previous one. */
  enter(stage: 'classify' | 'decide' | 'reserve' | 'relay'): void
  /** Called before an upstream is asked; returns the value for its `traceparent`. */
  ask(upstream: string, target: Target | undefined): string
  attempted(result: AttemptResult): void
  ended(trip: Trip, closing: Closing): void
}

/** Observes requests. Handles every call synchronously, waits for nothing and never throws. */
export interface Observer {
  /** A request has arrived. Undefined if it is not traced. */
  begun(exchange: Exchange, endpoint: Endpoint): Trace | undefined
  /** A request is over, by whichever path. Called once for each. */
  ended(trip: Trip, closing: Closing): void
  /** A request was refused before it was admitted. */
  turnedAway(code: Failure['code']): void
  /** The outcome of the request's latest attempt. */
  attempted(trip: Trip, result: AttemptResult): void
  /** A store has decided about a request; `ms` is how long that took. */
  decided(store: Store, ms: number): void
  /** The shadow classifier has judged a request; `agrees` if it chose the same class. */
  seconded(agrees: boolean): void
}

/** A failure as the client sees it. */
export interface FailureAnswer {
  readonly status: number
  /** A flat list of names and values. */
  readonly headers: readonly string[]
  readonly error: {
    readonly message: string
    readonly type: string
    readonly param: string | null
    readonly code: string
    readonly metadata?: object
  }
}
