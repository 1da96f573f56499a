import type { Admitted } from '../admit.ts'
import { classify } from '../classify.ts'
import { decide } from '../decide.ts'
import { responsesDialect } from '../dialect/responses.ts'
import { parse } from '../parse.ts'
import type { Ports } from '../ports.ts'
import { recall } from '../recall.ts'
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
  const parsed = state === undefined ? read : await recall(ports, trip, admitted, read, state)
  const { request, decision } = decide(ports, trip, admitted, classify(trip, admitted, parsed))
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
