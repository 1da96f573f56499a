import { isFutile } from '../../upstream/triage.ts'
import type { Reply } from '../../upstream/upstream.ts'
import { unbilled } from '../conclude/price.ts'
import type { Ending } from '../ending.ts'
import type { Ports } from '../ports.ts'
import type { Trip } from '../trip.ts'
import { headersFrom, headersOf, overlay } from './response-headers.ts'

/** An error's body, and the status it has or should have had. */
export interface UpstreamError {
  readonly status: number
  readonly body: Buffer
}

/** Relays an upstream's error verbatim. Errors are not billed. */
export function relayError(
  ports: Pick<Ports, 'answerTo'>,
  trip: Trip,
  reply: Reply,
  { status, body }: UpstreamError,
): Ending {
  const { cost } = unbilled(trip)
  const ours = headersOf(trip, cost)
  const theirs = clamped(headersFrom(trip, reply))
  if (isFutile(status, body)) ours.push('x-should-retry', 'false')
  if (isPage(reply)) {
    ours.push('content-type', 'application/json; charset=utf-8')
    trip.exchange.answer(status, overlay(ours, theirs), inEnvelope(ports, trip, reply))
  } else trip.exchange.answer(status, overlay(ours, theirs), reply.unquoted(body))
  return {
    outcome: 'upstream_error',
    status,
    errorCode: `upstream_${status}`,
    answeredModel: null,
    billed: undefined,
  }
}

/** A gateway before the upstream failed and sent an HTML page to a program that expects a JSON error. */
function isPage({ status, headers }: Reply): boolean {
  return status >= 500 && /^text\/html/i.test(headers['content-type'] ?? '')
}

function inEnvelope({ answerTo }: Pick<Ports, 'answerTo'>, { target }: Trip, { status }: Reply): string {
  const detail = `status ${status} came with a page instead of an error`
  const { error } = answerTo({ code: 'upstream_broken', target: target?.model ?? 'the upstream', detail })
  return JSON.stringify({ error }, null, 2)
}

/** Some SDK versions obey any `retry-after`, so clients are told to wait a minute at most. */
const LONGEST_RETRY_AFTER_S = 60

function clamped(headers: string[]): string[] {
  return headers.map((text, index) => {
    const name = index % 2 === 1 ? headers[index - 1] : undefined
    if (name === 'retry-after') return atMost(LONGEST_RETRY_AFTER_S, text)
    return name === 'retry-after-ms' ? atMost(LONGEST_RETRY_AFTER_S * 1000, text) : text
  })
}

/** Clamps a number to `most`; anything that is not a number, such as a date, becomes `most`. */
function atMost(most: number, text: string): string {
  return Number(text) <= most ? text : String(most)
}
