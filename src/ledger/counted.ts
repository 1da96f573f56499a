import { z } from 'zod'
import { HOUR } from '../base/durations.ts'
import { DECIDED } from './decision-line.ts'
import { OUTCOMES } from './row.ts'

/**
 * Hourly counts of rows, kept beside the tallies so that no console page reads rows to draw a curve: usage
 * and cost by class, model and comparability with the baseline (`usage`), and the distribution of outcomes,
 * confidence and durations (`shape`). Open rows are not counted. In Postgres a trigger counts by the SQL that
 * was released (`migrations/`): a change here, or another outcome, needs a migration step.
 */
export const USAGE_SUMS = {
  input_tokens: 'coalesce(input_tokens, 0)',
  cached_tokens: 'coalesce(cached_tokens, 0)',
  output_tokens: 'coalesce(output_tokens, 0)',
  reasoning_tokens: 'coalesce(reasoning_tokens, 0)',
  cost_nusd: 'coalesce(cost_nusd, 0)',
  baseline_nusd: 'coalesce(baseline_nusd, cost_nusd, 0)',
} as const

/** Whether a row can be compared with the baseline, and if not, why. */
export const COMPARISONS = [
  'compared',
  'estimated',
  'no_baseline',
  'no_usage',
  'refused',
  'unsettled',
] as const

const COMPARISON = `CASE WHEN outcome IN ('refused', 'unsettled') THEN outcome WHEN input_tokens IS NULL THEN 'no_usage'
  WHEN baseline_nusd IS NULL THEN 'no_baseline' WHEN usage_source = 'reported' THEN 'compared' ELSE 'estimated' END`

export const UsageLine = z.object({
  /** The step's index in the window, from 0. */
  step: z.number(),
  class: z.string(),
  target: z.string(),
  comparison: z.enum(COMPARISONS),
  requests: z.number(),
  input_tokens: z.number(),
  cached_tokens: z.number(),
  output_tokens: z.number(),
  reasoning_tokens: z.number(),
  cost_nusd: z.number(),
  baseline_nusd: z.number(),
})
export type UsageLine = z.infer<typeof UsageLine>

/**
 * `outcome`: the bucket is the index in `OUTCOMES`, or -1 for an outcome that whoever counted did not know.
 * `confidence`: tenths. `first_byte` and `whole`: see `bucketMs`.
 */
const SPREADS = ['outcome', 'confidence', 'abstained', 'first_byte', 'whole'] as const

export const ShapeLine = z.object({
  step: z.number(),
  spread: z.enum(SPREADS),
  bucket: z.number(),
  requests: z.number(),
  /** For confidence, the sum in millionths; otherwise 0. */
  total: z.number(),
})
export type ShapeLine = z.infer<typeof ShapeLine>

/** Duration buckets are a factor of 2^(1/4) wide and start at one millisecond. */
const BUCKETS_PER_DOUBLING = 4

/** Lower edge of a duration bucket, in milliseconds. */
export function bucketMs(bucket: number): number {
  return 2 ** (bucket / BUCKETS_PER_DOUBLING)
}

function bucketOf(ms: string): string {
  const scaled = `floor(ln(${ms}) * ${BUCKETS_PER_DOUBLING / Math.LN2} + 1e-9)`
  return `CASE WHEN ${ms} < 1 THEN 0 ELSE CAST(${scaled} AS integer) END`
}

const OUTCOME_INDEX = `CASE outcome ${OUTCOMES.map((name, index) => `WHEN '${name}' THEN ${index}`).join(' ')} ELSE -1 END`
const TENTH = `CASE WHEN confidence >= 0.9 THEN 9 WHEN confidence < 0.1 THEN 0 ELSE CAST(floor(confidence * 10) AS integer) END`

/** SQL that differs between the stores: a sum clamped to the largest exact integer. */
type Sum = (expression: string) => string

export const USAGE_KEY = 'class, target, comparison'
export const SHAPE_KEY = 'spread, bucket'

/**
 * SQL: usage of rows, by team and span. `from` has the row columns plus `sign`, which is -1 where a row is
 * subtracted.
 */
export function usageOf(from: string, spanMs: number, sum: Sum): string {
  const sums = Object.entries(USAGE_SUMS).map(([name, value]) => `${sum(`sign * ${value}`)} AS ${name}`)
  return `SELECT team, at / ${spanMs} AS span, coalesce(class, 'none') AS class, coalesce(target, '(none)') AS target,
    ${COMPARISON} AS comparison, sum(sign) AS requests, ${sums} FROM ${from} GROUP BY 1, 2, 3, 4, 5`
}

/** SQL: distributions over rows, by team and span. */
export function shapeOf(from: string, spanMs: number): string {
  const spread = (name: (typeof SPREADS)[number], bucket: string, where: string, total = '0') =>
    `SELECT team, span, '${name}' AS spread, ${bucket} AS bucket, sum(sign) AS requests, sum(sign * ${total}) AS total
     FROM seen WHERE ${where} GROUP BY 1, 2, 4`
  return `WITH seen AS MATERIALIZED (SELECT team, at / ${spanMs} AS span, sign, ${OUTCOME_INDEX} AS outcome_index,
      CASE WHEN ${DECIDED} THEN confidence END AS confidence, cause, ms_to_first_byte, ms_total FROM ${from})
    ${[
      spread('outcome', 'outcome_index', 'true'),
      spread('confidence', TENTH, 'confidence IS NOT NULL', 'CAST(round(confidence * 1000000) AS integer)'),
      spread('abstained', '0', `confidence IS NOT NULL AND cause = 'abstained'`),
      spread('first_byte', bucketOf('ms_to_first_byte'), 'ms_to_first_byte IS NOT NULL'),
      spread('whole', bucketOf('ms_total'), 'ms_total IS NOT NULL'),
    ].join(' UNION ALL ')}`
}

/** One hour: the span of all counts. */
export const SPAN = HOUR
