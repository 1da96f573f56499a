import { fail } from '../base/failure.ts'
import { admit, identify } from './admit.ts'
import { conclude } from './conclude.ts'
import type { Ending } from './ending.ts'
import type { Exchange, Upload } from './exchange.ts'
import { aim } from './forward/aim.ts'
import { fund } from './forward/fund.ts'
import { operationOf } from './forward/operation.ts'
import { readRequest } from './forward/read-request.ts'
import { relay } from './forward/relay.ts'
import { send } from './forward/send.ts'
import type { Ports } from './ports.ts'
import { refuse } from './refuse.ts'
import { begin } from './trip.ts'

/**
 * The life of a request forwarded byte for byte: every endpoint that is not routed. The same stages as
 * `handle` without those that choose a model, since the client has chosen. Never rejects.
 */
export async function forward(ports: Ports, exchange: Exchange, upload: Upload): Promise<void> {
  const operation = operationOf(exchange.method, exchange.path)
  const trip = begin(ports, exchange, 'code' in operation ? 'other' : operation.endpoint)
  let ending: Ending
  try {
    if ('code' in operation) {
      identify(trip.live.runtime, exchange.headers, trip.at)
      fail(operation)
    }
    const admitted = await admit(ports, trip)
    const request = await readRequest(trip, admitted, operation, upload)
    const aimed = await aim(ports, trip, admitted, request)
    const funded = await fund(ports, trip, admitted, aimed)
    const sent = await send(ports, trip, admitted, funded)
    ending = await relay(ports, trip, admitted, sent)
  } catch (thrown) {
    ending = refuse(ports, trip, thrown)
  }
  await conclude(ports, trip, undefined, ending)
}
