/** Tells clients that retry every 429 not to. */
export const NO_RETRY: readonly string[] = ['x-should-retry', 'false']

/** Requests in flight release their holds within moments, not minutes. */
export const HELD_RETRY_MS = 250

/** For trouble of our own, which may be over as soon as it began. */
export const TROUBLE_RETRY_MS = 1000

/** Some SDK versions obey any value, so clients are told to wait a minute at most. */
const LONGEST_RETRY_MS = 60_000

/** When to try again: in milliseconds, and in whole seconds for clients that know only those. */
export function retryAfter(ms: number): readonly string[] {
  const wait = Math.min(LONGEST_RETRY_MS, Math.max(1, Math.ceil(ms)))
  return ['retry-after-ms', String(wait), 'retry-after', String(Math.ceil(wait / 1000))]
}
