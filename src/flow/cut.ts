import type { Reply } from '../upstream/upstream.ts'
import type { Ports } from './ports.ts'
import type { Trip } from './trip.ts'

/** The pace at which an answer was being written when it broke off or was abandoned. */
export interface Cut {
  /** From the first byte to the last, in milliseconds. */
  readonly writingMs: number
  /** From the last byte to the moment it was given up, in milliseconds. */
  readonly silentMs: number
}

/** The cut of an answer that is given up now. */
export function cutNow(
  { clock }: Pick<Ports, 'clock'>,
  { firstByteAt }: Pick<Trip, 'firstByteAt'>,
  reply: Pick<Reply, 'lastByteAt'>,
): Cut {
  const now = clock.elapsed()
  const { lastByteAt = now } = reply
  return { writingMs: lastByteAt - (firstByteAt ?? lastByteAt), silentMs: now - lastByteAt }
}
