import type { BreakerTrial } from '../base/availability.ts'
import type { Endpoint } from '../base/endpoint.ts'
import { type RequestId, requestId } from '../base/ids.ts'
import { type NanoUsd, ZERO } from '../base/money.ts'
import type { PromptClass } from '../base/prompt-class.ts'
import type { Target } from '../base/target.ts'
import type { Cause, Verdict } from '../classifier/verdict.ts'
import type { Hold } from '../ledger/ledger.ts'
import type { Slot } from '../limits/limiter.ts'
import type { Decision } from '../routing/decide.ts'
import type { Exchange } from './exchange.ts'
import type { Live, Ports, Trace } from './ports.ts'
import type { Key } from './team.ts'

/** The class, and who chose it: the classifier or the client. */
export interface RoutedVerdict {
  /** Null if the client chose the model itself. */
  readonly class: PromptClass | null
  readonly confidence: number | null
  readonly cause: Cause
  readonly verdict: Verdict | undefined
}

/**
 * One request's state so far: what is known for its row and its headers, and what it must give back. Stages
 * pass their results on as values; the trip is what stays readable when one of them throws.
 */
export interface Trip {
  readonly id: RequestId
  /** Milliseconds since the epoch. Budgets book the request in the window of this moment. */
  readonly at: number
  readonly exchange: Exchange
  readonly live: Live
  readonly endpoint: Endpoint
  /** Undefined if not traced. */
  readonly trace: Trace | undefined
  key: Key | undefined
  slot: Slot | undefined
  hold: Hold | undefined
  /** Redacted for logs and rows; the name sent upstream is in the request itself. Empty if none was named. */
  requestedModel: string
  stream: boolean
  routed: RoutedVerdict | undefined
  /** The targets considered. */
  decision: Decision | undefined
  /** The evidence for the verdict, as written when the row was opened. */
  evidence: string | null
  conversation: string | null
  /** What is kept of the prompt. */
  prompt: string | null
  /** The target being tried, or that answered. */
  target: Target | undefined
  /** The upstream a request is forwarded to unchanged, with or without a target. */
  forwardedTo: string | undefined
  attempts: number
  /** Set if the latest attempt is its target's trial. */
  trial: BreakerTrial | undefined
  /**
   * What to abort when the client hangs up. An object rather than a closure: V8 retains closures repeatedly
   * assigned to a field, and whole requests with them, until the next full collection.
   */
  inFlight: { abort(): void } | undefined
  adapted: readonly string[]
  /** The bounds of failed attempts without an answer that may still be billed. */
  owed: NanoUsd
  /** Their bounds in tokens, which stay in the minute they were taken in. */
  owedTokens: number
  /** Whether one of them may be billed at a price we do not know. */
  owesUnpriced: boolean
  /** `Clock.elapsed()` when the first upstream was asked. */
  dispatchedAt: number | undefined
  /** `Clock.elapsed()` at the answer's first byte. */
  firstByteAt: number | undefined
}

/** Begins a request with the configuration in force, which it keeps to its end. */
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
    trial: undefined,
    inFlight: undefined,
    adapted: [],
    owed: ZERO,
    owedTokens: 0,
    owesUnpriced: false,
    dispatchedAt: undefined,
    firstByteAt: undefined,
  }
}
