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
import type { ForwardRequest } from './read-request.ts'

/**
 * Aims a token-count request at the target the request it counts would go to: the model its class is routed
 * to, adapted to that model, or the holder of the state it continues. Models count differently, and only the
 * holder has its turns. Throws as the routed request would.
 */
export async function aimCount(
  ports: Ports,
  trip: Trip,
  admitted: Admitted,
  request: ForwardRequest,
): Promise<Aimed> {
  const read = parse(trip, responsesDialect, request.read?.plain ?? EMPTY)
  await recallQuery(ports, trip, admitted)
  const parsed = await recall(ports, trip, admitted, read)
  const decided = decideAnyway(ports, trip, admitted, classify(trip, admitted, parsed))
  const [{ target }] = decided.decision.usable
  const { body, changes } = decided.request.adapt({
    target,
    // Nothing is generated, so no cap is needed.
    outputCap: target.maxOutput,
    stateCap: false,
    asAsked: decided.decision.asAsked,
  })
  trip.adapted = changes
  const { upstream } = target
  return { ...request, read: undefined, rewritten: body, upstream, target, price: undefined, budgets: [] }
}

const EMPTY = Buffer.alloc(0)

/**
 * The client may be counting to learn that its prompt is too long. Then ask the target that would serve a
 * shorter one.
 */
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
