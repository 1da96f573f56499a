/** Pieces of the released steps 6 and 8: see `steps.ts`. */

export const USAGE_KEY = 'class, target, comparison'
export const SHAPE_KEY = 'spread, bucket'

export const USAGE_SUMS =
  'requests,input_tokens,cached_tokens,output_tokens,reasoning_tokens,cost_nusd,baseline_nusd'
export const SHAPE_SUMS = 'requests,total'

export const USAGE_COLUMNS =
  'requests bigint NOT NULL, input_tokens bigint NOT NULL, cached_tokens bigint NOT NULL, ' +
  'output_tokens bigint NOT NULL, reasoning_tokens bigint NOT NULL, cost_nusd bigint NOT NULL, ' +
  'baseline_nusd bigint NOT NULL'
export const SHAPE_COLUMNS = 'requests bigint NOT NULL, total bigint NOT NULL'

/** Whether anything changes, so that a correction without effect adds no line. */
export const USAGE_CHANGES =
  'requests <> 0 OR input_tokens <> 0 OR cached_tokens <> 0 OR output_tokens <> 0 OR ' +
  'reasoning_tokens <> 0 OR cost_nusd <> 0 OR baseline_nusd <> 0'
export const SHAPE_CHANGES = 'requests <> 0 OR total <> 0'

const USAGE_ADDED =
  'requests = least(9007199254740991, known.requests + excluded.requests),' +
  'input_tokens = least(9007199254740991, known.input_tokens + excluded.input_tokens),' +
  'cached_tokens = least(9007199254740991, known.cached_tokens + excluded.cached_tokens),' +
  'output_tokens = least(9007199254740991, known.output_tokens + excluded.output_tokens),' +
  'reasoning_tokens = least(9007199254740991, known.reasoning_tokens + excluded.reasoning_tokens),' +
  'cost_nusd = least(9007199254740991, known.cost_nusd + excluded.cost_nusd),' +
  'baseline_nusd = least(9007199254740991, known.baseline_nusd + excluded.baseline_nusd)'
const SHAPE_ADDED =
  'requests = least(9007199254740991, known.requests + excluded.requests),' +
  'total = least(9007199254740991, known.total + excluded.total)'

/** Lines are written in key order, so that concurrent statements cannot deadlock. */
export function addUsage(table: string, source: string): string {
  return `INSERT INTO ${table} AS known (team, span, ${USAGE_KEY}, ${USAGE_SUMS})
    SELECT team, span, ${USAGE_KEY}, ${USAGE_SUMS} FROM (${source}) AS counted WHERE ${USAGE_CHANGES} ORDER BY span, team, ${USAGE_KEY}
    ON CONFLICT (span, team, ${USAGE_KEY}) DO UPDATE SET ${USAGE_ADDED}`
}

export function addShape(table: string, source: string): string {
  return `INSERT INTO ${table} AS known (team, span, ${SHAPE_KEY}, ${SHAPE_SUMS})
    SELECT team, span, ${SHAPE_KEY}, ${SHAPE_SUMS} FROM (${source}) AS counted WHERE ${SHAPE_CHANGES} ORDER BY span, team, ${SHAPE_KEY}
    ON CONFLICT (span, team, ${SHAPE_KEY}) DO UPDATE SET ${SHAPE_ADDED}`
}

const COMPARISON = `CASE WHEN outcome IN ('refused', 'unsettled') THEN outcome WHEN input_tokens IS NULL THEN 'no_usage'
  WHEN baseline_nusd IS NULL THEN 'no_baseline' WHEN usage_source = 'reported' THEN 'compared' ELSE 'estimated' END`

/** Sums are clamped to the largest exact integer. */
const USAGE_OF_ROWS =
  'least(sum(sign * coalesce(input_tokens, 0)), 9007199254740991) AS input_tokens,' +
  'least(sum(sign * coalesce(cached_tokens, 0)), 9007199254740991) AS cached_tokens,' +
  'least(sum(sign * coalesce(output_tokens, 0)), 9007199254740991) AS output_tokens,' +
  'least(sum(sign * coalesce(reasoning_tokens, 0)), 9007199254740991) AS reasoning_tokens,' +
  'least(sum(sign * coalesce(cost_nusd, 0)), 9007199254740991) AS cost_nusd,' +
  'least(sum(sign * coalesce(baseline_nusd, cost_nusd, 0)), 9007199254740991) AS baseline_nusd'

/** `rows` have the columns of the ledger and `sign`, which is -1 where a row is subtracted. */
export function usageOf(rows: string, spanMs: number): string {
  return `SELECT team, at / ${spanMs} AS span, coalesce(class, 'none') AS class, coalesce(target, '(none)') AS target,
    ${COMPARISON} AS comparison, sum(sign) AS requests, ${USAGE_OF_ROWS} FROM (${rows}) AS changed GROUP BY 1, 2, 3, 4, 5`
}

export const DECIDED = `outcome IS NOT NULL AND rules_version IS NOT NULL AND class IS NOT NULL
  AND confidence IS NOT NULL AND cause IS NOT NULL`

const OUTCOME_INDEX =
  "CASE outcome WHEN 'ok' THEN 0 WHEN 'refused' THEN 1 WHEN 'upstream_error' THEN 2 WHEN 'broken' THEN 3 " +
  "WHEN 'client_left' THEN 4 WHEN 'unsettled' THEN 5 END"

const TENTH =
  'CASE WHEN confidence >= 0.9 THEN 9 WHEN confidence < 0.1 THEN 0 ' +
  'ELSE CAST(floor(confidence * 10) AS integer) END'

const MILLIONTHS = 'CAST(round(confidence * 1000000) AS integer)'

const DURATION = (ms: string) =>
  `CASE WHEN ${ms} < 1 THEN 0 ELSE CAST(floor(ln(${ms}) * 5.7707801635558535 + 1e-9) AS integer) END`

function spread(name: string, bucket: string, where: string, total: string): string {
  return `SELECT team, span, '${name}' AS spread, ${bucket} AS bucket, sum(sign) AS requests, sum(sign * ${total}) AS total
     FROM seen WHERE ${where} GROUP BY 1, 2, 4`
}

const SPREADS = [
  spread('outcome', 'outcome_index', 'true', '0'),
  spread('confidence', TENTH, 'confidence IS NOT NULL', MILLIONTHS),
  spread('abstained', '0', "confidence IS NOT NULL AND cause = 'abstained'", '0'),
  spread('first_byte', DURATION('ms_to_first_byte'), 'ms_to_first_byte IS NOT NULL', '0'),
  spread('whole', DURATION('ms_total'), 'ms_total IS NOT NULL', '0'),
].join(' UNION ALL ')

export function shapeOf(rows: string, spanMs: number): string {
  return `WITH seen AS MATERIALIZED (SELECT team, at / ${spanMs} AS span, sign, ${OUTCOME_INDEX} AS outcome_index,
      CASE WHEN ${DECIDED} THEN confidence END AS confidence, cause, ms_to_first_byte, ms_total FROM (${rows}) AS changed)
    ${SPREADS}`
}
