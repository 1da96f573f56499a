import { bucketMs } from '../../ledger/counted.ts'

/** Requests by duration bucket. */
export type Durations = ReadonlyMap<number, number>

/**
 * The duration that a share `part` of requests stayed below, in milliseconds, interpolated within its bucket.
 * Null if there are none.
 */
export function percentile(durations: Durations, part: number): number | null {
  const buckets = [...durations].sort(([one], [other]) => one - other)
  const all = buckets.reduce((sum, [, requests]) => sum + requests, 0)
  if (all === 0) return null
  let left = part * all
  for (const [bucket, requests] of buckets) {
    if (left <= requests) {
      const [low, high] = [bucketMs(bucket), bucketMs(bucket + 1)]
      return Math.round(10 * low * (high / low) ** (left / requests)) / 10
    }
    left -= requests
  }
  return null
}
