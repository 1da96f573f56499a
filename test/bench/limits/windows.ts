import type { Admission } from './replica.ts'

const MINUTE_MS = 60_000

/** How full the minutes were. */
export interface Fullness {
  /** The most that certainly fell into one minute: asked after its begin, told before its end. */
  readonly most: number
  /** The least in any minute that begins a second after another, from the first admission to the last. */
  readonly least: number
}

export function fullness(admissions: readonly Admission[]): Fullness {
  const byAsked = admissions.toSorted((a, b) => a.asked - b.asked)
  const told = admissions.map((each) => each.told).sort((a, b) => a - b)
  const first = told[0] ?? 0
  const last = told.at(-1) ?? 0
  let most = 0
  for (const { asked } of byAsked) {
    const inside = byAsked.filter((each) => each.asked >= asked && each.told < asked + MINUTE_MS)
    most = Math.max(most, inside.length)
  }
  let least = Number.POSITIVE_INFINITY
  for (let from = first; from + MINUTE_MS <= last; from += 1_000) {
    least = Math.min(least, told.filter((at) => at >= from && at < from + MINUTE_MS).length)
  }
  return { most, least }
}
