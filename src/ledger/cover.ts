import { DAY, HOUR } from '../base/durations.ts'
import type { SpendFilter } from './reader.ts'

/** Milliseconds since the epoch, `until` excluded. */
export interface Stretch {
  readonly since: number
  readonly until: number
}

/**
 * The stretch that sums actually cover. Before `keptSince`, where rows have been deleted, only whole hours
 * are known, so an edge that falls there is widened to its hour.
 */
export function countable({ since, until }: SpendFilter, keptSince: number): Stretch {
  const from = Math.max(0, since ?? 0)
  const end = until ?? Number.MAX_SAFE_INTEGER
  return {
    since: from < keptSince ? Math.floor(from / HOUR) * HOUR : from,
    until: end < keptSince ? Math.ceil(end / HOUR) * HOUR : end,
  }
}

/**
 * A stretch split into whole days, the whole hours beside them, and the remainders at its ends. No parts
 * overlap.
 */
interface Cover {
  readonly days: readonly Stretch[]
  readonly hours: readonly Stretch[]
  readonly rests: readonly Stretch[]
}

/** Splits a stretch so that as much as possible is read from daily sums, then from hourly ones. */
export function cover(stretch: Stretch): Cover {
  const byDay = split(stretch, DAY)
  const byHour = byDay.edges.map((edge) => split(edge, HOUR))
  return {
    days: byDay.whole,
    hours: byHour.flatMap(({ whole }) => whole),
    rests: byHour.flatMap(({ edges }) => edges),
  }
}

function split({ since, until }: Stretch, length: number) {
  const first = Math.ceil(since / length) * length
  const end = Math.floor(until / length) * length
  if (first >= end) return { whole: [], edges: [{ since, until }].filter(isLong) }
  const edges = [
    { since, until: first },
    { since: end, until },
  ]
  return { whole: [{ since: first, until: end }], edges: edges.filter(isLong) }
}

function isLong({ since, until }: Stretch): boolean {
  return since < until
}
