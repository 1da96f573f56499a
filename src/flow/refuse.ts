import { type Failure, failureOf } from '../base/failure.ts'
import type { NanoUsd } from '../base/money.ts'
import type { Outcome } from '../ledger/row.ts'
import { unbilled } from './conclude/price.ts'
import { BrokenAnswer } from './dispatch/broken-answer.ts'
import { LeftUnanswered } from './dispatch/setback.ts'
import type { Ending } from './ending.ts'
import type { FailureAnswer, Ports } from './ports.ts'
import { headersOf, headersOfRefusal, overlay } from './relay/response-headers.ts'
import type { Trip } from './trip.ts'

type RefusalPorts = Pick<Ports, 'log' | 'answerTo'>

/** Nothing has reached the client yet: answer with the failure and end the request like any other. */
export function refuse(ports: RefusalPorts, trip: Trip, thrown: unknown): Ending {
  const failure = failureOf(thrown)
  if (failure.code === 'internal_error') {
    ports.log.error({ request: trip.id, err: thrown }, 'a request failed unexpectedly')
  }
  const answer = ports.answerTo(failure)
  const billed = billedBy(thrown)
  // The cost of an answer that broke off is unknown until it is settled.
  const cost = billed === undefined ? unbilled(trip).cost : undefined
  if (failure.code !== 'client_left' && !trip.exchange.gone) tell(ports, trip, { failure, answer, cost })
  return {
    outcome: outcomeOf(failure),
    status: answer.status,
    errorCode: failure.code,
    answeredModel: null,
    billed,
  }
}

interface Telling {
  readonly failure: Failure
  readonly answer: FailureAnswer
  readonly cost: NanoUsd | undefined
}

/** If even this fails, cut the connection: the request must reach its row regardless. */
function tell(ports: RefusalPorts, trip: Trip, { failure, answer, cost }: Telling): void {
  const { status, headers, error } = answer
  try {
    const own = [...headersOf(trip, cost), ...headersOfRefusal(failure), ...headers]
    const json = ['content-type', 'application/json; charset=utf-8']
    trip.exchange.answer(status, overlay(own, json), JSON.stringify({ error }, null, 2))
  } catch (thrown) {
    ports.log.error({ request: trip.id, err: thrown }, 'a refusal could not be sent')
    trip.exchange.destroy()
  }
}

function outcomeOf({ code }: Failure): Outcome {
  if (code === 'client_left') return 'client_left'
  return code.startsWith('upstream_') ? 'upstream_error' : 'refused'
}

/** What an upstream may bill although none of its answer arrived. */
function billedBy(thrown: unknown): Ending['billed'] {
  const isOwed = thrown instanceof BrokenAnswer || (thrown instanceof LeftUnanswered && thrown.sent)
  return isOwed ? { funded: thrown.funded, usage: 'unreported', seen: undefined } : undefined
}
