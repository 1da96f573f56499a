import type pg from 'pg'
import { DAY, HOUR } from '../../../base/durations.ts'
import { shapeOf, usageOf } from '../../counted.ts'
import { adding, bounded, type CountTable, isChange, SHAPE, summed, USAGE } from './count-sql.ts'

/** The team name on lines that count all teams. No team has this name. */
export const ALL_TEAMS = ''

const HOURS_A_DAY = DAY / HOUR

/** This table is read whole and its lines live for seconds, so dead tuples must be vacuumed early. */
const OFTEN_EMPTIED = 'WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000)'

/**
 * Counts of all teams together, by hour and by day, beside those of each team: an overview of everything
 * reads as little as that of one team. Rows of different teams are inserted concurrently, so no insert may
 * wait for a line that all share. Each statement therefore appends its counts to `usage_new` and `shape_new`
 * in its own transaction, and `foldCounts` moves them to the shared lines. Summing both in one statement
 * counts each row once.
 */
export const WHOLE_COUNTS = `
  CREATE TABLE usage_new (span integer NOT NULL, class text NOT NULL, target text NOT NULL, comparison text NOT NULL,
    ${columns(USAGE)}) ${OFTEN_EMPTIED};
  CREATE TABLE shape_new (span integer NOT NULL, spread text NOT NULL, bucket integer NOT NULL,
    ${columns(SHAPE)}) ${OFTEN_EMPTIED};
  CREATE OR REPLACE FUNCTION trivium_count() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'INSERT' THEN
        ${countings('(SELECT 1 AS sign, * FROM now_rows) AS changed')}
      ELSE
        ${countings('(SELECT 1 AS sign, * FROM now_rows UNION ALL SELECT -1, * FROM old_rows) AS changed')}
      END IF;
      RETURN NULL;
    END $$;
  ${[USAGE, SHAPE].flatMap((table) => [ofAllTeams(table, 'hour'), ofAllTeams(table, 'day')]).join(' ')}`

function columns({ sums }: CountTable): string {
  return sums.map((name) => `${name} bigint NOT NULL`).join(', ')
}

function countings(from: string): string {
  return `${counting(USAGE, usageOf(from, HOUR, bounded))}; ${counting(SHAPE, shapeOf(from, HOUR))};`
}

/** Rows are grouped once, by hour; days and all teams are sums of that. */
function counting(table: CountTable, counts: string): string {
  const { name, key, sums } = table
  return `WITH changed AS MATERIALIZED (SELECT * FROM (${counts}) AS counts WHERE ${isChange(sums)}),
    by_hour AS (${adding(`${name}_hour`, table, 'SELECT * FROM changed')}),
    by_day AS (${adding(`${name}_day`, table, inDays(table, 'team', 'changed'))})
    INSERT INTO ${name}_new (span, ${key}, ${sums}) SELECT span, ${key}, ${summed(sums)} FROM changed GROUP BY span, ${key}`
}

function inDays({ key, sums }: CountTable, team: string, hours: string): string {
  return `SELECT ${team} AS team, span / ${HOURS_A_DAY} AS span, ${key}, ${summed(sums)} FROM ${hours}
    GROUP BY 1, 2, ${key}`
}

/** For a database that so far has counts per team only. */
function ofAllTeams(table: CountTable, span: 'hour' | 'day'): string {
  const { name, key, sums } = table
  return `${adding(`${name}_${span}`, table, `SELECT '${ALL_TEAMS}' AS team, span, ${key}, ${summed(sums)} FROM ${name}_${span} GROUP BY span, ${key}`)};`
}

const FOLDS = [USAGE, SHAPE].map((table) => {
  const { name, key, sums } = table
  return `WITH moved AS (DELETE FROM ${name}_new RETURNING *),
    hours AS MATERIALIZED (
      SELECT '${ALL_TEAMS}' AS team, span, ${key}, ${summed(sums)} FROM moved GROUP BY span, ${key}),
    by_hour AS (${adding(`${name}_hour`, table, 'SELECT * FROM hours')})
    ${adding(`${name}_day`, table, inDays(table, 'team', 'hours'))}`
})

/**
 * Moves the new counts of all teams into their shared lines. Each line is moved once, in one transaction,
 * however many replicas do this at the same time: a second one waits and finds the line gone.
 */
export async function foldCounts(pool: pg.Pool): Promise<void> {
  for (const fold of FOLDS) await pool.query(fold)
}
