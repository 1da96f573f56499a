import { type RequestId, requestId } from '../base/ids.ts'
import { type NanoUsd, ZERO } from '../base/money.ts'
import type { PromptClass } from '../base/prompt-class.ts'
import type { Target } from '../base/target.ts'
import type { Hold } from '../budget/ledger.ts'
import type { Cause, Verdict } from '../classifier/verdict.ts'
import type { Slot } from '../limits/limiter.ts'
import type { Decision } from '../routing/decide.ts'
import type { Exchange } from './exchange.ts'
import type { Live, Ports, Trace } from './ports.ts'
import type { Endpoint, Key } from './team.ts'

/** Which road, and who said so: the classifier, or the client. */
export interface RoutedVerdict {
  /** Null for a model that the client has chosen itself. */
  readonly class: PromptClass | null
  readonly confidence: number | null
  readonly cause: Cause
  readonly verdict: Verdict | undefined
}

/**
 * One request's way through the house: what is already known of it, for its row, its headers and for giving back
 * what it took. Stages hand their results on as values; the trip is what remains readable when one of them throws.
 */
export interface Trip {
  readonly id: RequestId
  /** Milliseconds since the epoch; budgets book the request in the window of this moment. */
  readonly at: number
  readonly exchange: Exchange
  readonly live: Live
  readonly endpoint: Endpoint
  /** Undefined where nobody follows it. */
  readonly trace: Trace | undefined
  key: Key | undefined
  slot: Slot | undefined
  hold: Hold | undefined
  /** As it may be written down: what is asked of an upstream is in the request itself. Empty where none was named. */
  requestedModel: string
  stream: boolean
  routed: RoutedVerdict | undefined
  /** Which targets were considered. */
  decision: Decision | undefined
  /** What spoke for the verdict, as the row was opened with. */
  evidence: string | null
  conversation: string | null
  /** What is kept of the prompt. */
  prompt: string | null
  /** The target that is being tried, or has answered. */
  target: Target | undefined
  /** The upstream a request is forwarded to as it is, whether or not a target stands for it. */
  forwardedTo: string | undefined
  attempts: number
  /**
   * What is given up when the client hangs up. An object and not a closure: V8 keeps closures that are set on a field
   * again and again, and with them whole requests, until the next full collection.
   */
  inFlight: { abort(): void } | undefined
  adapted: readonly string[]
  /** The bounds of attempts that failed without a word and may have been billed all the same. */
  owed: NanoUsd
  /** Their bounds in tokens, which stay in the minute they were taken in. */
  owedTokens: number
  /** `Clock.elapsed()` when the first upstream was asked. */
  dispatchedAt: number | undefined
  /** `Clock.elapsed()` of the answer's first byte. */
  firstByteAt: number | undefined
}

/** A request has arrived. */
export function begin(ports: Ports, exchange: Exchange, endpoint: Endpoint): Trip {
  const at = ports.clock.now()
  return {
    id: requestId(at),
    at,
    exchange,
    live: ports.live(),
    endpoint,
    trace: ports.observer.begun(exchange, endpoint),
    key: undefined,
    slot: undefined,
    hold: undefined,
    requestedModel: '',
    stream: false,
    routed: undefined,
    decision: undefined,
    evidence: null,
    conversation: null,
    prompt: null,
    target: undefined,
    forwardedTo: undefined,
    attempts: 0,
    inFlight: undefined,
    adapted: [],
    owed: ZERO,
    owedTokens: 0,
    dispatchedAt: undefined,
    firstByteAt: undefined,
  }
}
