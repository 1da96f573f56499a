import { parseDate, parseDuration } from '../../config/schema/units.ts'
import { UsageError } from '../command.ts'

/** Parses `--since 7d` (relative to `now`) or `--since 2026-11-01` to milliseconds since the epoch. */
export function sinceFlag(text: string | undefined, now: number): number | undefined {
  return momentFlag('--since', text, now)
}

/** A point in time given by a flag: a duration before `now`, or a date. */
export function momentFlag(flag: string, text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined
  const back = parseDuration(text)
  const at = back === undefined ? parseDate(text) : now - back
  if (at === undefined)
    throw new UsageError(`${flag} ${text}: expected a duration such as 7d or a date such as 2026-11-01`)
  return at
}
