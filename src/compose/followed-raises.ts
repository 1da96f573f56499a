import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import { repeat } from '../base/rounds.ts'
import type { RaiseLog } from '../budget/raise.ts'
import { Raises } from '../budget/raises.ts'

/** How often to read raises granted or revoked by other replicas, or by a command writing to their store. */
const REFRESH_MS = 2_000

/** The raises in force, kept current while the program runs. */
export interface FollowedRaises {
  readonly raises: Raises
  /** Whether they could be read at the last attempt, a moment ago. */
  isReadable(): boolean
  /** Resolves when they are not being read any more. */
  stop(): Promise<void>
}

/** Reads the raises, and goes on reading them. Rejects if they cannot be read now. */
export async function followRaises(
  book: RaiseLog,
  clock: Clock,
  log: Pick<Log, 'warn'>,
): Promise<FollowedRaises> {
  const raises = await Raises.open(book, clock.now())
  let isReadable = true
  const following = repeat(
    REFRESH_MS,
    async () => {
      await raises.refresh(clock.now())
      isReadable = true
    },
    (error) => {
      isReadable = false
      log.warn({ err: error }, 'raises of other replicas could not be read')
    },
  )
  return { raises, isReadable: () => isReadable, stop: () => following.stop() }
}
