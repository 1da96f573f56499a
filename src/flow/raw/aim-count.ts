import { failureOf } from '../../base/failure.ts'
import type { Admitted } from '../admit.ts'
import { type Classified, classify } from '../classify.ts'
import { type Decided, decide } from '../decide.ts'
import { responsesDialect } from '../dialect/responses.ts'
import { parse } from '../parse.ts'
import type { Ports } from '../ports.ts'
import { recall, recallQuery } from '../recall.ts'
import type { Trip } from '../trip.ts'
import type { Aimed } from './aim.ts'
import type { Asked } from './ask.ts'

/**
 * Aims a request that counts another one's tokens where that one would go: at the model its question belongs to, in the
 * words that model takes, or at who holds what it goes on from. Models count differently, and a holder's turns lie with
 * it alone. Throws as the routed request would.
 */
export async function aimCount(ports: Ports, trip: Trip, admitted: Admitted, asked: Asked): Promise<Aimed> {
  const read = parse(trip, responsesDialect, asked.read?.plain ?? EMPTY)
  const { state } = read.request
  await recallQuery(ports, trip, admitted)
  const parsed = state === undefined ? read : await recall(ports, trip, admitted, read, state)
  const { request, decision } = decideAnyway(ports, trip, admitted, classify(trip, admitted, parsed))
  const [{ target }] = decision.usable
  const { body, changes } = request.adapt({
    target,
    // Nothing is written, so nothing has to be capped.
    outputCap: target.maxOutput,
    stateCap: false,
    asAsked: decision.asAsked,
  })
  trip.adapted = changes
  const { upstream } = target
  return { ...asked, read: undefined, rewritten: body, upstream, target, price: undefined, budgets: [] }
}

const EMPTY = Buffer.alloc(0)

/** Whoever counts wants to know whether it is too long: then the one is asked who would be, were it shorter. */
function decideAnyway(ports: Ports, trip: Trip, admitted: Admitted, classified: Classified): Decided {
  try {
    return decide(ports, trip, admitted, classified)
  } catch (thrown) {
    if (failureOf(thrown).code !== 'context_length_exceeded') throw thrown
    const { needs } = classified
    const size = { ...needs.size, textBytes: 0, messages: 0 }
    return decide(ports, trip, admitted, { ...classified, needs: { ...needs, size } })
  }
}
