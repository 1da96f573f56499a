import { DAY, HOUR } from '../base/durations.ts'
import { SUMMED, TALLIED_CLASS, TALLIED_TARGET } from './tally.ts'

/** The findings of a full read of the ledger. */
export interface Examination {
  readonly rows: number
  /** One line each. Empty: nothing is damaged, and every balance is the sum of its rows. */
  readonly problems: readonly string[]
}

const SUMS = ['requests', ...Object.keys(SUMMED)]

/**
 * SQL: the number of hourly sums that differ from their rows. `counted`: a condition that selects the rows
 * already counted.
 */
export function wrongHours(counted: string): string {
  const values = Object.values(SUMMED).map((value) => `-coalesce(${value}, 0)`)
  return differing(
    `SELECT hour AS time, team, key, target, class, ${SUMS} FROM tally_hour WHERE hour >= (SELECT since / ${HOUR} FROM kept)`,
    `SELECT at / ${HOUR}, team, key, ${TALLIED_TARGET}, ${TALLIED_CLASS}, -1, ${values}
     FROM ledger WHERE ${counted} AND at >= (SELECT since FROM kept)`,
  )
}

/** SQL: the number of daily sums that differ from their hourly ones. */
export function wrongDays(): string {
  return differing(
    `SELECT day AS time, team, key, target, class, ${SUMS} FROM tally_day`,
    `SELECT hour / ${DAY / HOUR}, team, key, target, class, ${SUMS.map((sum) => `-${sum}`)} FROM tally_hour`,
  )
}

function differing(one: string, other: string): string {
  const isLeft = SUMS.map((sum) => `sum(${sum}) <> 0`).join(' OR ')
  return `SELECT count(*) AS number FROM (SELECT 1 FROM (${one} UNION ALL ${other}) AS parts
    GROUP BY time, team, key, target, class HAVING ${isLeft}) AS differing`
}

/** What is wrong, in words, from the number of hours and days whose sums are wrong. */
export function problemsOf(hours: number, days: number): readonly string[] {
  return [
    ...(hours > 0 ? [`${hours} hourly sums do not match their rows`] : []),
    ...(days > 0 ? [`${days} daily sums do not match their hours`] : []),
  ]
}
