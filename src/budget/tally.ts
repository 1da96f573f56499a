/** What every ledger keeps of rows beside them: sums by hour and by day, which outlive the rows. Milliseconds. */
export const HOUR = 3_600_000
export const DAY = 24 * HOUR

/** SQL: what a row is counted under, beside its time, team and key. */
export const TALLIED_TARGET = `coalesce(target, '(none)')`
export const TALLIED_CLASS = `coalesce(class, '(none)')`

/** What is summed, and how one row says it. Where no baseline is known, what was paid stands for it. */
export const SUMMED = {
  input_tokens: 'input_tokens',
  output_tokens: 'output_tokens',
  cost_nusd: 'cost_nusd',
  baseline_nusd: 'coalesce(baseline_nusd, cost_nusd)',
} as const
