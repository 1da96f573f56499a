import { presentable } from '../upstream/headers.ts'
import type { Reply } from '../upstream/upstream.ts'
import type { Ending } from './ending.ts'
import { unbilled } from './price.ts'
import { headersOf, overlay } from './response-headers.ts'
import type { Trip } from './trip.ts'

/** An error of the upstream's, in its own words. An error is not billed. */
export function relayError(trip: Trip, reply: Reply, body: Buffer): Ending {
  const { cost } = unbilled(trip)
  const headers = overlay(headersOf(trip, cost), clamped(presentable(reply.headers)))
  trip.exchange.answer(reply.status, headers, body)
  return {
    outcome: 'upstream_error',
    status: reply.status,
    errorCode: `upstream_${reply.status}`,
    answeredModel: null,
    billed: undefined,
  }
}

/** Some SDK versions obey any `retry-after`: a minute is the most a client is told to wait. */
const LONGEST_RETRY_AFTER_S = 60

function clamped(headers: string[]): string[] {
  return headers.map((text, index) => {
    const name = index % 2 === 1 ? headers[index - 1] : undefined
    if (name === 'retry-after')
      return String(Math.min(Number(text) || LONGEST_RETRY_AFTER_S, LONGEST_RETRY_AFTER_S))
    if (name === 'retry-after-ms') return String(Math.min(Number(text) || 0, LONGEST_RETRY_AFTER_S * 1000))
    return text
  })
}
