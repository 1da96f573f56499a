import type pg from 'pg'
import { MOST } from '../../../base/money.ts'
import { SHAPE_KEY, ShapeLine, USAGE_KEY, USAGE_SUMS, UsageLine } from '../../counted.ts'
import { DAY, HOUR } from '../../tally.ts'
import type { Counted, CountWindow } from '../../views.ts'

/** Sums of a window's steps, of one team or of all: of whole days where steps are, else of hours. Never behind the rows. */
export async function countWindow(pool: pg.Pool, window: CountWindow): Promise<Counted> {
  const { team, from, until, stepMs } = window
  const [name, spanMs] =
    from % DAY === 0 && stepMs % DAY === 0 ? (['day', DAY] as const) : (['hour', HOUR] as const)
  const values = [
    from / spanMs,
    Math.ceil(until / spanMs),
    stepMs / spanMs,
    ...(team === undefined ? [] : [team]),
  ]
  const sums = (table: string, key: string, names: readonly string[]) => {
    const all = names.map((sum) => `least(sum(${sum}), ${MOST})::bigint AS ${sum}`)
    return pool.query(
      `SELECT (span - $1::integer) / $3::integer AS step, ${key}, ${all} FROM ${table}_${name}
       WHERE span >= $1 AND span < $2 ${team === undefined ? '' : 'AND team = $4'}
       GROUP BY 1, ${key} ORDER BY 1, ${key}`,
      values,
    )
  }
  const [usage, shape] = await Promise.all([
    sums('usage', USAGE_KEY, ['requests', ...Object.keys(USAGE_SUMS)]),
    sums('shape', SHAPE_KEY, ['requests', 'total']),
  ])
  return {
    usage: usage.rows.map((line) => UsageLine.parse(line)),
    shape: shape.rows.map((line) => ShapeLine.parse(line)),
    countedFrom: 0,
    complete: true,
  }
}
