import type { Clock } from '../base/clock.ts'
import type { Failure } from '../base/failure.ts'
import type { Holder } from '../base/holder.ts'
import type { Target } from '../base/target.ts'
import type { Ledger } from '../budget/ledger.ts'
import type { Closing } from '../budget/row.ts'
import type { Limiter } from '../limits/limiter.ts'
import type { Absence } from '../routing/decide.ts'
import type { Upstream } from '../upstream/upstream.ts'
import type { Exchange } from './exchange.ts'
import type { Runtime } from './runtime.ts'
import type { Endpoint } from './team.ts'
import type { Trip } from './trip.ts'

/** Everything the life of a request needs from outside, given by `compose.ts`. */
export interface Ports {
  readonly clock: Clock
  readonly ledger: Ledger
  readonly limiter: Limiter
  readonly health: Health
  readonly tokenizer: Tokenizer
  readonly holders: Holders
  readonly observer: Observer
  readonly log: Log
  /** What is in force now. A request asks once, at its start, and lives with the answer to its end. */
  live(): Live
  /** True once the program is going down: requests in flight are finished, new ones refused. */
  draining(): boolean
  /** A number from 0 to 1, for jitter. */
  random(): number
  /** The answer each failure gets; `server/envelope.ts`. */
  answerTo(failure: Failure): FailureAnswer
}

/** A configuration and the connections that belong to it. */
export interface Live {
  readonly runtime: Runtime
  upstream(name: string): Upstream | undefined
}

/** What is known of each target's state. */
export interface Health {
  absenceOf(target: Target): Absence | undefined
  isStrained(target: Target): boolean
  strained(target: Target, forMs: number): void
  mayRetry(target: Target): boolean
  started(target: Target): void
  answering(target: Target): void
  succeeded(target: Target): void
  failed(target: Target): void
  gone(target: Target): void
}

/**
 * Counts the tokens of `o200k_base` away from the event loop. Never too few: what cannot be counted in time counts by its
 * UTF-8 bytes, which no tokens outnumber.
 */
export interface Tokenizer {
  count(text: string): Promise<number>
}

/** Remembers who holds what, by the ids that answers carry. */
export interface Holders {
  remember(ids: readonly string[], holder: Holder): void
  /**
   * Undefined for an id nobody has seen. Throws `store_unavailable` where that cannot be told now. `isAwaited`: a client may have had it from another replica a moment
   * ago, which may still be writing it down; else it may as well be no id at all.
   */
  holderOf(id: string, isAwaited: boolean): Promise<Holder | undefined>
}

/** What came of asking a target once. `refused`: a 4xx other than 429. */
export type AttemptResult =
  | 'answered'
  | 'refused'
  | 'rate_limited'
  | 'failed'
  | 'timeout'
  | 'unreachable'
  | 'broken'
  | 'client_left'

export type Store = 'ledger' | 'limits'

/** One request as those see it who follow it across programs: from stage to stage, and on to its upstreams. */
export interface Trace {
  /** 32 hexadecimal digits. */
  readonly id: string
  /** A stage begins; the one before is over. */
  enter(stage: 'classify' | 'decide' | 'reserve' | 'relay'): void
  /** An upstream is about to be asked: what it is told in `traceparent`. */
  ask(upstream: string, target: Target | undefined): string
  attempted(result: AttemptResult): void
  ended(trip: Trip, closing: Closing): void
}

/** Watches requests go by. What it is told it takes in at once: it waits for nothing, and never throws. */
export interface Observer {
  /** A request has arrived. Undefined where it is not followed. */
  begun(exchange: Exchange, endpoint: Endpoint): Trace | undefined
  /** A request is over, whatever way it took: once for each. */
  ended(trip: Trip, closing: Closing): void
  /** A request was refused before anything was known of it. */
  turnedAway(code: Failure['code']): void
  /** The request's newest attempt has come to this. */
  attempted(trip: Trip, result: AttemptResult): void
  /** A store has decided about a request, after so many milliseconds. */
  decided(store: Store, ms: number): void
  /** A shadow has judged a request: the same way, or not. */
  seconded(agrees: boolean): void
}

export interface Log {
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
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
