import { hostname } from 'node:os'
import type { Trip } from '../flow/trip.ts'
import type { Closing } from '../ledger/row.ts'
import { logText } from './log-text.ts'
import type { RequestLogSettings } from './settings.ts'

/** The destination of log lines. */
export interface Lines {
  write(line: string): void
}

interface Parts {
  readonly settings: RequestLogSettings
  /** Lines below this level are omitted; pino's numbers. */
  readonly leastLevel: number
  readonly lines: Lines
  /** Milliseconds since the epoch. */
  now(): number
  /** A number from 0 to 1. */
  random(): number
}

/** What a line says about a request's path. */
type Logged = Pick<Trip, 'id' | 'key' | 'endpoint' | 'stream' | 'requestedModel' | 'routed' | 'trace'>

const INFO = 30
const WARN = 40
const ERROR = 50

/**
 * Writes one line per request, in pino's format: its outcome and its cost, never a word of what was asked or
 * answered. Assembled by hand, since a general logger inspects every value first.
 */
export class RequestLog {
  readonly #parts: Parts
  /** The fields of every line, as in pino's. */
  readonly #who = `,"pid":${process.pid},"hostname":${logText(hostname())}`

  constructor(parts: Parts) {
    this.#parts = parts
  }

  write(trip: Logged, closing: Closing): void {
    const level = levelOf(closing)
    if (level < this.#parts.leastLevel || !this.#wants(closing)) return
    this.#parts.lines.write(
      `{"level":${level},"time":${this.#parts.now()}${this.#who}${factsOf(trip, closing)}}\n`,
    )
  }

  #wants({ outcome }: Closing): boolean {
    const { requests, sample } = this.#parts.settings
    if (requests === 'none') return false
    if (outcome !== 'ok') return true
    return requests === 'all' && (sample === 1 || this.#parts.random() < sample)
  }
}

/** Our own fault: error. The client's or an upstream's: warn. */
function levelOf({ outcome, status }: Closing): number {
  if (outcome === 'ok' || outcome === 'client_left') return INFO
  return outcome === 'refused' && status >= 500 ? ERROR : WARN
}

function factsOf(
  { id, key, endpoint, stream, requestedModel, routed, trace }: Logged,
  closing: Closing,
): string {
  const { target, upstream, answeredModel, errorCode, usageSource } = closing
  let facts = `,"request":"${id}"`
  if (trace !== undefined) facts += `,"trace_id":"${trace.id}"`
  if (key !== undefined) facts += `,"team":${logText(key.team.name)},"key":${logText(key.id)}`
  facts += `,"endpoint":"${endpoint}","stream":${stream}`
  if (requestedModel !== '') facts += `,"requested_model":${logText(requestedModel)}`
  if (routed !== undefined) {
    if (routed.class !== null) facts += `,"class":"${routed.class}"`
    if (routed.confidence !== null) facts += `,"confidence":${routed.confidence.toFixed(3)}`
    facts += `,"cause":${logText(routed.cause)}`
  }
  if (target !== null) facts += `,"target":${logText(target)}`
  if (upstream !== null) facts += `,"upstream":${logText(upstream)}`
  if (answeredModel !== null) facts += `,"answered_model":${logText(answeredModel)}`
  facts += `,"attempts":${closing.attempts},"status":${closing.status},"outcome":"${closing.outcome}"`
  if (errorCode !== null) facts += `,"error_code":${logText(errorCode)}`
  if (closing.inputTokens !== null) {
    facts += `,"input_tokens":${closing.inputTokens},"cached_tokens":${closing.cachedTokens}`
    facts += `,"output_tokens":${closing.outputTokens},"reasoning_tokens":${closing.reasoningTokens}`
  }
  facts += `,"usage_source":"${usageSource}","cost_nusd":${closing.cost}`
  if (closing.msToFirstByte !== null) facts += `,"ms_to_first_byte":${closing.msToFirstByte}`
  return `${facts},"ms_total":${closing.msTotal},"ms_proxy":${closing.msProxy},"msg":"request"`
}
