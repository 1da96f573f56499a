const MINUTE_MS = 60_000

/** An admitted request: the limiter decided between these two times, both from the machine's clock. */
export interface Admission {
  readonly asked: number
  readonly told: number
  readonly tokens: number
}

/** How full the minutes were, in tokens. */
export interface Fullness {
  /** The most that certainly fell into one minute: asked after its start, answered before its end. */
  readonly most: number
  /** The least in any one-minute window, moved in steps of a second from the first admission to the last. */
  readonly least: number
}

export function fullness(admissions: readonly Admission[]): Fullness {
  const byAsked = admissions.toSorted((a, b) => a.asked - b.asked)
  const byTold = admissions.toSorted((a, b) => a.told - b.told)
  const first = byTold[0]?.told ?? 0
  const last = byTold.at(-1)?.told ?? 0
  let most = 0
  for (const { asked } of byAsked) {
    const inside = byAsked.filter((each) => each.asked >= asked && each.told < asked + MINUTE_MS)
    most = Math.max(most, tokensOf(inside))
  }
  let least = Number.POSITIVE_INFINITY
  for (let from = first; from + MINUTE_MS <= last; from += 1_000) {
    const inside = byTold.filter(({ told }) => told >= from && told < from + MINUTE_MS)
    least = Math.min(least, tokensOf(inside))
  }
  return { most, least }
}

function tokensOf(admissions: readonly Admission[]): number {
  return admissions.reduce((sum, { tokens }) => sum + tokens, 0)
}
