import type { SpendFilter } from './reader.ts'
import { DAY, HOUR } from './tally.ts'

/** Milliseconds since the epoch, `until` excluded. */
export interface Stretch {
  readonly since: number
  readonly until: number
}

/**
 * The stretch that sums are given of. Where rows have been deleted (`keptSince`), only whole hours are known: then it is
 * all hours that the one asked for touches.
 */
export function countable({ since, until }: SpendFilter, keptSince: number): Stretch {
  const from = Math.max(0, since ?? 0)
  const end = until ?? Number.MAX_SAFE_INTEGER
  return {
    since: from < keptSince ? Math.floor(from / HOUR) * HOUR : from,
    until: end < keptSince ? Math.ceil(end / HOUR) * HOUR : end,
  }
}

/** A stretch of time as whole days, whole hours beside them, and what is left at its ends. None overlaps another. */
export interface Cover {
  readonly days: readonly Stretch[]
  readonly hours: readonly Stretch[]
  readonly rests: readonly Stretch[]
}

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
