import { settle } from './conclude/settle.ts'
import type { Ending } from './ending.ts'
import type { Ports } from './ports.ts'
import type { Reserved } from './reserve.ts'
import type { Trip } from './trip.ts'

/** Settles a request. If even that fails, logs what becomes of its row. Never rejects. */
export async function conclude(
  ports: Ports,
  trip: Trip,
  reserved: Reserved | undefined,
  ending: Ending,
): Promise<void> {
  try {
    await settle(ports, trip, reserved, ending)
  } catch (thrown) {
    unrecorded(ports, trip, thrown)
  }
}

/** A hold that cannot be closed stands at its bound. A request refused before it had a hold cost nothing. */
function unrecorded({ log }: Ports, { id: request, hold }: Trip, thrown: unknown): void {
  if (hold !== undefined) {
    log.error({ request, err: thrown }, 'a row could not be closed; it is charged at its bound')
    return
  }
  const why = thrown instanceof Error ? thrown.message : String(thrown)
  log.warn(
    { request, why },
    'a refused request has no row, because the store has been unavailable for too long',
  )
}
