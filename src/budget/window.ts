import { DAY, HOUR, WEEK } from '../base/durations.ts'
import type { Window } from './budget.ts'

/**
 * One calendar window in UTC, milliseconds since the epoch. `end` is the start of the next; null for `total`.
 */
export interface Span {
  readonly start: number
  readonly end: number | null
}

/** The epoch fell on a Thursday; weeks start on Monday. */
const FIRST_MONDAY = 4 * DAY

/** The window of the given kind that contains a moment. */
export function spanAt(per: Window, at: number): Span {
  switch (per) {
    case 'hour':
      return regular(HOUR, 0, at)
    case 'day':
      return regular(DAY, 0, at)
    case 'week':
      return regular(WEEK, FIRST_MONDAY, at)
    case 'month': {
      const date = new Date(at)
      const month = (offset: number) => Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + offset, 1)
      return { start: month(0), end: month(1) }
    }
    case 'total':
      return { start: Number.NEGATIVE_INFINITY, end: null }
  }
}

function regular(length: number, origin: number, at: number): Span {
  const start = origin + Math.floor((at - origin) / length) * length
  return { start, end: start + length }
}
