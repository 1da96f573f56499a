import type { Observer } from '../flow/ports.ts'
import type { RequestLog } from './request-log.ts'
import type { Telemetry } from './telemetry.ts'
import type { Tracing } from './tracing.ts'

interface Watchers {
  readonly telemetry: Telemetry
  readonly log: Pick<RequestLog, 'write'>
  /** Undefined where nothing is traced. */
  readonly tracing: Tracing | undefined
}

/** All that watches requests, as the one observer the flow knows: what is counted, written and followed of each. */
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
