import type pg from 'pg'
import { DAY, HOUR } from '../../../base/durations.ts'
import { adding, SHAPE, summed, USAGE } from './count-sql.ts'

/** The team name on lines that count all teams. No team has this name. */
export const ALL_TEAMS = ''

const HOURS_A_DAY = DAY / HOUR

/** The tables are those of the migration step `migrations/whole-counts.ts`. */
const FOLDS = [USAGE, SHAPE].map((table) => {
  const { name, key, sums } = table
  const inDays = `SELECT team, span / ${HOURS_A_DAY} AS span, ${key}, ${summed(sums)} FROM hours GROUP BY 1, 2, ${key}`
  return `WITH moved AS (DELETE FROM ${name}_new RETURNING *),
    hours AS MATERIALIZED (
      SELECT '${ALL_TEAMS}' AS team, span, ${key}, ${summed(sums)} FROM moved GROUP BY span, ${key}),
    by_hour AS (${adding(`${name}_hour`, table, 'SELECT * FROM hours')})
    ${adding(`${name}_day`, table, inDays)}`
})

/**
 * Moves the new counts of all teams into their shared lines. Each line is moved once, in one transaction,
 * however many replicas do this at the same time: a second one waits and finds the line gone.
 */
export async function foldCounts(pool: pg.Pool): Promise<void> {
  for (const fold of FOLDS) await pool.query(fold)
}
