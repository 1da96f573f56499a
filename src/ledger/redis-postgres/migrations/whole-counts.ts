import {
  addShape,
  addUsage,
  SHAPE_CHANGES,
  SHAPE_COLUMNS,
  SHAPE_KEY,
  SHAPE_SUMS,
  shapeOf,
  USAGE_CHANGES,
  USAGE_COLUMNS,
  USAGE_KEY,
  USAGE_SUMS,
  usageOf,
} from './count-statements.ts'

/** Released as part of step 8: see `steps.ts`. */

/** These tables are read whole and their lines live for seconds, so dead tuples must be vacuumed early. */
const OFTEN_EMPTIED = 'WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000)'

const USAGE_SUMMED =
  'least(sum(requests), 9007199254740991)::bigint AS requests, ' +
  'least(sum(input_tokens), 9007199254740991)::bigint AS input_tokens, ' +
  'least(sum(cached_tokens), 9007199254740991)::bigint AS cached_tokens, ' +
  'least(sum(output_tokens), 9007199254740991)::bigint AS output_tokens, ' +
  'least(sum(reasoning_tokens), 9007199254740991)::bigint AS reasoning_tokens, ' +
  'least(sum(cost_nusd), 9007199254740991)::bigint AS cost_nusd, ' +
  'least(sum(baseline_nusd), 9007199254740991)::bigint AS baseline_nusd'
const SHAPE_SUMMED =
  'least(sum(requests), 9007199254740991)::bigint AS requests, ' +
  'least(sum(total), 9007199254740991)::bigint AS total'

const USAGE_BY_DAY = `SELECT team AS team, span / 24 AS span, ${USAGE_KEY}, ${USAGE_SUMMED} FROM changed
    GROUP BY 1, 2, ${USAGE_KEY}`
const SHAPE_BY_DAY = `SELECT team AS team, span / 24 AS span, ${SHAPE_KEY}, ${SHAPE_SUMMED} FROM changed
    GROUP BY 1, 2, ${SHAPE_KEY}`

/** Rows are grouped once, by hour; days and all teams are sums of that. */
function count(rows: string): string {
  const usage = `WITH changed AS MATERIALIZED (SELECT * FROM (${usageOf(rows, 3600000)}) AS counts WHERE ${USAGE_CHANGES}),
    by_hour AS (${addUsage('usage_hour', 'SELECT * FROM changed')}),
    by_day AS (${addUsage('usage_day', USAGE_BY_DAY)})
    INSERT INTO usage_new (span, ${USAGE_KEY}, ${USAGE_SUMS}) SELECT span, ${USAGE_KEY}, ${USAGE_SUMMED} FROM changed GROUP BY span, ${USAGE_KEY}`
  const shape = `WITH changed AS MATERIALIZED (SELECT * FROM (${shapeOf(rows, 3600000)}) AS counts WHERE ${SHAPE_CHANGES}),
    by_hour AS (${addShape('shape_hour', 'SELECT * FROM changed')}),
    by_day AS (${addShape('shape_day', SHAPE_BY_DAY)})
    INSERT INTO shape_new (span, ${SHAPE_KEY}, ${SHAPE_SUMS}) SELECT span, ${SHAPE_KEY}, ${SHAPE_SUMMED} FROM changed GROUP BY span, ${SHAPE_KEY}`
  return `${usage}; ${shape};`
}

/** For a database that so far has counts per team only. */
function usageOfAllTeams(table: string): string {
  return addUsage(
    table,
    `SELECT '' AS team, span, ${USAGE_KEY}, ${USAGE_SUMMED} FROM ${table} GROUP BY span, ${USAGE_KEY}`,
  )
}

function shapeOfAllTeams(table: string): string {
  return addShape(
    table,
    `SELECT '' AS team, span, ${SHAPE_KEY}, ${SHAPE_SUMMED} FROM ${table} GROUP BY span, ${SHAPE_KEY}`,
  )
}

/**
 * Counts of all teams together, by hour and by day, beside those of each team: an overview of everything
 * reads as little as that of one team. Rows of different teams are inserted concurrently, so no insert may
 * wait for a line that all share. Each statement therefore appends its counts to `usage_new` and `shape_new`
 * in its own transaction, and `foldCounts` moves them to the shared lines. Summing both in one statement
 * counts each row once.
 */
export const WHOLE_COUNTS = `
  CREATE TABLE usage_new (span integer NOT NULL, class text NOT NULL, target text NOT NULL, comparison text NOT NULL,
    ${USAGE_COLUMNS}) ${OFTEN_EMPTIED};
  CREATE TABLE shape_new (span integer NOT NULL, spread text NOT NULL, bucket integer NOT NULL,
    ${SHAPE_COLUMNS}) ${OFTEN_EMPTIED};
  CREATE OR REPLACE FUNCTION trivium_count() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'INSERT' THEN
        ${count('SELECT 1 AS sign, * FROM now_rows')}
      ELSE
        ${count('SELECT 1 AS sign, * FROM now_rows UNION ALL SELECT -1, * FROM old_rows')}
      END IF;
      RETURN NULL;
    END $$;
  ${usageOfAllTeams('usage_hour')}; ${usageOfAllTeams('usage_day')}; ${shapeOfAllTeams('shape_hour')}; ${shapeOfAllTeams('shape_day')};`
