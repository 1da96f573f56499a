import { type Failure, failureOf } from '../base/failure.ts'
import type { Outcome } from '../budget/row.ts'
import { LeftUnanswered } from './dispatch.ts'
import type { Ending } from './ending.ts'
import type { Ports } from './ports.ts'
import { unbilled } from './price.ts'
import { BrokenAnswer } from './relay.ts'
import { headersOf, overlay } from './response-headers.ts'
import type { Trip } from './trip.ts'

/** Nothing has reached the client yet: it is told what went wrong, and the request ends like any other. */
export function refuse(ports: Ports, trip: Trip, thrown: unknown): Ending {
  const failure = failureOf(thrown)
  if (failure.code === 'internal_error') {
    ports.log.error({ request: trip.id, err: thrown }, 'a request failed for a reason nobody foresaw')
  }
  const { status, headers, error } = ports.answerTo(failure)
  if (failure.code !== 'client_left' && !trip.exchange.gone) {
    const own = headersOf(trip, unbilled(trip).cost)
    const json = ['content-type', 'application/json; charset=utf-8']
    trip.exchange.answer(status, overlay([...own, ...headers], json), JSON.stringify({ error }, null, 2))
  }
  return {
    outcome: outcomeOf(failure),
    status,
    errorCode: failure.code,
    answeredModel: null,
    billed: billedBy(trip, thrown),
  }
}

function outcomeOf({ code }: Failure): Outcome {
  if (code === 'client_left') return 'client_left'
  return code.startsWith('upstream_') ? 'upstream_error' : 'refused'
}

/** What an upstream may bill although nothing of its answer arrived. */
function billedBy(trip: Trip, thrown: unknown): Ending['billed'] {
  if (thrown instanceof BrokenAnswer) {
    return { funded: thrown.funded, usage: 'unreported', seen: undefined }
  }
  if (!(thrown instanceof LeftUnanswered) || !thrown.sent) return undefined
  // A stream's first token would have come at once, so hardly more than the prompt was used.
  const seen = trip.stream ? { sample: [], totalBytes: 0 } : undefined
  return { funded: thrown.funded, usage: 'unreported', seen }
}
