import { admit } from './admit.ts'
import { capture } from './capture.ts'
import { checkTools } from './check-tools.ts'
import { classify } from './classify.ts'
import { conclude } from './conclude.ts'
import { decide } from './decide.ts'
import type { Dialect } from './dialect/dialect.ts'
import { dispatch } from './dispatch.ts'
import type { Ending } from './ending.ts'
import type { Exchange } from './exchange.ts'
import { parse } from './parse.ts'
import type { Ports } from './ports.ts'
import { recall, recallQuery } from './recall.ts'
import { refuse } from './refuse.ts'
import { relay } from './relay.ts'
import { type Reserved, reserve } from './reserve.ts'
import { begin } from './trip.ts'

/**
 * The life of one routed request, from arrival to its row in the ledger. Each step takes what the previous
 * one returned, or throws a `Refusal`. Whatever happens, the request ends in `conclude`, exactly once. Never
 * rejects.
 */
export async function handle(ports: Ports, exchange: Exchange, dialect: Dialect): Promise<void> {
  const trip = begin(ports, exchange, dialect.endpoint)
  let reserved: Reserved | undefined
  let ending: Ending
  try {
    const admitted = await admit(ports, trip)
    const read = parse(trip, dialect)
    checkTools(admitted, read)
    if (exchange.query !== '') await recallQuery(ports, trip, admitted)
    const parsed = read.request.state === undefined ? read : await recall(ports, trip, admitted, read)
    const classified = classify(trip, admitted, parsed)
    const decided = decide(ports, trip, admitted, classified)
    capture(ports, trip, admitted, decided)
    reserved = await reserve(ports, trip, admitted, decided)
    const dispatched = await dispatch(ports, trip, admitted, reserved)
    ending = await relay(ports, trip, dispatched)
  } catch (thrown) {
    ending = refuse(ports, trip, thrown)
  }
  await conclude(ports, trip, reserved, ending)
}
