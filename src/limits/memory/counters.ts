import type { Full, Subject } from '../limiter.ts'
import { SlidingWindow, WINDOW_MS } from './sliding-window.ts'

/** The counters of one subject. A window is created by the first request its kind of limit applies to. */
export interface Counters {
  requests: SlidingWindow | undefined
  tokens: SlidingWindow | undefined
  inFlight: number
}

/** A subject as one request sees it: the limits in force when it arrived, over shared counters. */
export interface CountedSubject {
  readonly subject: Subject
  readonly counters: Counters
}

/** Nobody knows when a request in flight will end; retrying this often is enough. */
export const CONCURRENCY_RETRY_MS = 500

/** Counters of a subject that has asked for nothing yet. */
export function createCounters(): Counters {
  return { requests: undefined, tokens: undefined, inFlight: 0 }
}

/** Creates the windows that a subject's limits need and that it lacks. */
export function ensureWindows(counters: Counters, { limits }: Subject): void {
  if (limits.requestsPerMinute !== undefined) counters.requests ??= new SlidingWindow()
  if (limits.tokensPerMinute !== undefined) counters.tokens ??= new SlidingWindow()
}

/** Whether the counters may be forgotten. `now`: milliseconds of the window's clock. */
export function isIdle({ inFlight, requests, tokens }: Counters, now: number): boolean {
  return inFlight === 0 && (requests?.sumAt(now) ?? 0) === 0 && (tokens?.sumAt(now) ?? 0) === 0
}

/** Why one more request at a time is too many; undefined if it is not. */
export function fullConcurrency({ subject, counters }: CountedSubject): Full | undefined {
  const limit = subject.limits.concurrent
  if (limit === undefined || counters.inFlight < limit) return undefined
  const never = limit < 1
  return { full: 'concurrent', subject: subject.id, limit, retryAfterMs: CONCURRENCY_RETRY_MS, never }
}

/** What is left in a window of one kind; undefined if the subject has no such limit. */
export function leftIn(kind: 'requests' | 'tokens', { subject, counters }: CountedSubject, now: number) {
  const limit = kind === 'requests' ? subject.limits.requestsPerMinute : subject.limits.tokensPerMinute
  const window = counters[kind]
  if (limit === undefined || window === undefined) return undefined
  return { limit, window, left: limit - window.sumAt(now) }
}

/** Why an amount does not fit into a window; undefined if it does. An amount of zero always fits. */
export function fullWindow(
  kind: 'requests' | 'tokens',
  entry: CountedSubject,
  amount: number,
  now: number,
): Full | undefined {
  const found = leftIn(kind, entry, now)
  if (found === undefined || amount <= 0 || amount <= found.left) return undefined
  const { limit, window } = found
  const never = amount > limit
  const retryAfterMs = never ? WINDOW_MS : window.untilAtMost(limit - amount, now)
  return { full: kind, subject: entry.subject.id, limit, retryAfterMs, never }
}

/** Of two full limits, the one that takes longer to have room. */
export function later(one: Full | undefined, other: Full | undefined): Full | undefined {
  if (one === undefined || other === undefined) return one ?? other
  return other.never || (!one.never && other.retryAfterMs > one.retryAfterMs) ? other : one
}
