import { DAY, HOUR } from '../base/durations.ts'

/**
 * SQL: the target a row is counted under, in addition to its time, team and key, in the hourly and daily sums
 * that every ledger keeps beside its rows. The sums outlive the rows.
 */
export const TALLIED_TARGET = `coalesce(target, '(none)')`
export const TALLIED_CLASS = `coalesce(class, '(none)')`

/** What is summed, and the SQL for one row. Without a known baseline, the amount paid stands in for it. */
export const SUMMED = {
  input_tokens: 'input_tokens',
  output_tokens: 'output_tokens',
  cost_nusd: 'cost_nusd',
  baseline_nusd: 'coalesce(baseline_nusd, cost_nusd)',
} as const

/** A table of sums, and its column that counts periods of `lengthMs` since the epoch. */
export interface TallyTable {
  readonly name: string
  readonly column: string
  /** SQL: the day since the epoch that a period belongs to. */
  readonly day: string
  readonly lengthMs: number
}

export const DAILY: TallyTable = { name: 'tally_day', column: 'day', day: 'day', lengthMs: DAY }
export const HOURLY: TallyTable = { name: 'tally_hour', column: 'hour', day: 'hour / 24', lengthMs: HOUR }
