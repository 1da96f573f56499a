import { parseDate, parseDuration } from '../../config/schema/units.ts'
import { UsageError } from '../command.ts'

/** Parses `--since 7d` (relative to `now`) or `--since 2026-11-01` to milliseconds since the epoch. */
export function sinceFlag(text: string | undefined, now: number): number | undefined {
  return momentFlag('--since', text, now)
}

/** The time from `--since` to `--until`. */
export interface Span {
  /** Milliseconds since the epoch. */
  readonly since: number | undefined
  readonly until: number | undefined
}

/** Throws a `UsageError` also if nothing can lie between the two. */
export function spanFlags(
  flags: { since?: string | undefined; until?: string | undefined },
  now: number,
): Span {
  const since = sinceFlag(flags.since, now)
  const until = momentFlag('--until', flags.until, now)
  if (since !== undefined && until !== undefined && until <= since)
    throw new UsageError(`--until ${flags.until}: is not after --since ${flags.since}`)
  return { since, until }
}

/** A point in time given by a flag: a duration before `now`, or a date. */
function momentFlag(flag: string, text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined
  const back = parseDuration(text)
  const at = back === undefined ? parseDate(text) : now - back
  if (at === undefined)
    throw new UsageError(`${flag} ${text}: expected a duration such as 7d or a date such as 2026-11-01`)
  return at
}
