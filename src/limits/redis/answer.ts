import type { LimitKind } from '../../base/failure.ts'
import type { Reply } from '../../redis/connection.ts'
import type { Full, RateState, Subject } from '../limiter.ts'
import { CONCURRENCY_RETRY_MS, later } from '../memory/counters.ts'
import { WINDOW_MS } from '../memory/sliding-window.ts'

/** A parsed reply of the scripts; see `scripts.ts` for the format. */
export type Answer = { readonly full: Full } | { readonly figures: readonly number[] }

const KINDS: ReadonlySet<unknown> = new Set<LimitKind>(['requests', 'tokens', 'concurrent'])

/** Parses a reply about these subjects, each asked for `amount`. Throws if the format is wrong. */
export function readAnswer(reply: Reply, subjects: readonly Subject[], amount: number): Answer {
  if (!Array.isArray(reply)) throw new TypeError(`not an answer of the limiter: ${JSON.stringify(reply)}`)
  if (reply[0] === 1) return { figures: reply.map(Number) }
  let full: Full | undefined
  for (let at = 1; at < reply.length; at += 3) {
    const kind: unknown = reply[at]
    const subject = subjects[Number(reply[at + 1])]
    if (subject === undefined || !isKind(kind)) break
    full = later(full, fullOf(kind, subject, amount, Number(reply[at + 2])))
  }
  if (full === undefined) throw new TypeError(`not an answer of the limiter: ${JSON.stringify(reply)}`)
  return { full }
}

/** Why `amount` does not fit now; `retryAfterMs` is when it will. */
export function fullOf(kind: LimitKind, subject: Subject, amount: number, retryAfterMs: number): Full {
  const limit = limitOf(kind, subject) ?? 0
  const wait = kind === 'concurrent' ? CONCURRENCY_RETRY_MS : retryAfterMs
  const never = amount > limit
  return { full: kind, subject: subject.id, limit, retryAfterMs: never ? WINDOW_MS : wait, never }
}

/** A subject's limit of one kind; undefined if it has none. */
export function limitOf(kind: LimitKind, { limits }: Subject): number | undefined {
  if (kind === 'requests') return limits.requestsPerMinute
  return kind === 'tokens' ? limits.tokensPerMinute : limits.concurrent
}

/** The subject with the least left, from pairs of remaining and reset time, one every `stride` numbers. */
export function tightest(
  kind: 'requests' | 'tokens',
  subjects: readonly Subject[],
  pairs: readonly number[],
  stride: number,
): RateState | undefined {
  let state: RateState | undefined
  subjects.forEach((subject, index) => {
    const limit = limitOf(kind, subject)
    const [remaining, resetMs] = pairs.slice(index * stride, index * stride + 2)
    if (limit === undefined || remaining === undefined || resetMs === undefined) return
    if (state === undefined || remaining < state.remaining) state = { limit, remaining, resetMs }
  })
  return state
}

function isKind(value: unknown): value is LimitKind {
  return KINDS.has(value)
}
