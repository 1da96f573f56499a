import type { Observer } from '../flow/ports.ts'
import type { RequestLog } from './request-log.ts'
import type { Telemetry } from './telemetry.ts'
import type { Tracing } from './tracing.ts'

interface Watchers {
  readonly telemetry: Telemetry
  readonly log: Pick<RequestLog, 'write'>
  /** Undefined if tracing is off. */
  readonly tracing: Tracing | undefined
}

/** Combines metrics, log and traces into the one observer the flow knows. */
export function observeWith({ telemetry, log, tracing }: Watchers): Observer {
  return {
    begun: (exchange, endpoint) => tracing?.begin(exchange, endpoint),
    ended(trip, closing) {
      telemetry.ended(trip, closing)
      log.write(trip, closing)
      trip.trace?.ended(trip, closing)
    },
    turnedAway: (code) => telemetry.turnedAway(code),
    attempted(trip, result) {
      telemetry.attempted(trip, result)
      trip.trace?.attempted(result)
    },
    decided: (store, ms) => telemetry.decided(store, ms),
    seconded: (agrees) => telemetry.seconded(agrees),
  }
}
