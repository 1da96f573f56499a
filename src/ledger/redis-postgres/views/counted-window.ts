import type pg from 'pg'
import { DAY, HOUR } from '../../../base/durations.ts'
import { ShapeLine, UsageLine } from '../../counted.ts'
import type { Counted, CountWindow } from '../../views.ts'
import { type CountTable, SHAPE, summed, USAGE } from './count-sql.ts'
import { ALL_TEAMS } from './whole-counts.ts'

/**
 * Sums for each step of a window, for one team or all. Uses daily sums if the steps are whole days, otherwise
 * hourly ones. Never lags behind the rows.
 */
export async function countWindow(pool: pg.Pool, window: CountWindow): Promise<Counted> {
  const { team = ALL_TEAMS, from, until, stepMs } = window
  const [name, spanMs] =
    from % DAY === 0 && stepMs % DAY === 0 ? (['day', DAY] as const) : (['hour', HOUR] as const)
  const values = [from / spanMs, Math.ceil(until / spanMs), stepMs / spanMs, team]
  const sums = (table: CountTable) => {
    const { key, sums: names } = table
    const lines = [ofSpans(table, name), ...(team === ALL_TEAMS ? [ofNew(table, spanMs / HOUR)] : [])]
    return pool.query(
      `SELECT (span - $1::integer) / $3::integer AS step, ${key}, ${summed(names)}
       FROM (${lines.join(' UNION ALL ')}) AS lines GROUP BY 1, ${key} ORDER BY 1, ${key}`,
      values,
    )
  }
  const [usage, shape] = await Promise.all([sums(USAGE), sums(SHAPE)])
  return {
    usage: usage.rows.map((line) => UsageLine.parse(line)),
    shape: shape.rows.map((line) => ShapeLine.parse(line)),
    countedFrom: 0,
    complete: true,
  }
}

/** Lists every span explicitly, because a team's lines are not adjacent in the index. */
function ofSpans({ name, key, sums }: CountTable, by: 'day' | 'hour'): string {
  return `SELECT span, ${key}, ${sums} FROM ${name}_${by}
    WHERE span = ANY (ARRAY(SELECT generate_series($1::integer, $2::integer - 1))) AND team = $4`
}

/** Counts not yet folded into the lines of all teams. */
function ofNew({ name, key, sums }: CountTable, hours: number): string {
  return `SELECT span / ${hours} AS span, ${key}, ${sums} FROM ${name}_new
    WHERE span / ${hours} >= $1::integer AND span / ${hours} < $2::integer`
}
