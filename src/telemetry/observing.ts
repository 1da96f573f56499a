import type { Observer } from '../flow/ports.ts'
import type { RequestLog } from './request-log.ts'
import type { Telemetry } from './telemetry.ts'

/** All that watches requests, as the one observer the flow knows: what is counted, and what is written of each. */
export function observeWith(telemetry: Telemetry, log: Pick<RequestLog, 'write'>): Observer {
  return {
    ended(trip, closing) {
      telemetry.ended(trip, closing)
      log.write(trip, closing)
    },
    turnedAway: (code) => telemetry.turnedAway(code),
    attempted: (upstream, target, result) => telemetry.attempted(upstream, target, result),
    decided: (store, ms) => telemetry.decided(store, ms),
    seconded: (agrees) => telemetry.seconded(agrees),
  }
}
