import type { DatabaseSync } from 'node:sqlite'
import { SHAPE_KEY, ShapeLine, SPAN, USAGE_KEY, USAGE_SUMS, UsageLine } from '../../counted.ts'
import type { Counted, CountWindow } from '../../views.ts'
import { boundedSum } from '../bounded-sum.ts'
import type { Counting } from './counting.ts'

/** How long a window's newest rows may take to be counted before it is answered without the rest. Milliseconds. */
const CATCH_UP_MS = 60

/** Sums of a window's steps, of one team or of all (''). */
export function prepareWindow(database: DatabaseSync, counting: Counting): (window: CountWindow) => Counted {
  const usage = database.prepare(summing('usage', USAGE_KEY, ['requests', ...Object.keys(USAGE_SUMS)]))
  const shape = database.prepare(summing('shape', SHAPE_KEY, ['requests', 'total']))
  return ({ team = '', from, until, stepMs }) => {
    counting.count(performance.now() + CATCH_UP_MS)
    const countedFrom = counting.countedFrom()
    const values = { team, first: from / SPAN, end: Math.ceil(until / SPAN), step: stepMs / SPAN }
    return {
      usage: usage.all(values).map((line) => UsageLine.parse(line)),
      shape: shape.all(values).map((line) => ShapeLine.parse(line)),
      countedFrom,
      complete: countedFrom <= from,
    }
  }
}

/** Hour by hour, since those of a team do not lie together. */
function summing(table: string, key: string, sums: readonly string[]): string {
  const all = sums.map((sum) => `${boundedSum(sum)} AS ${sum}`)
  return `WITH RECURSIVE hours(hour) AS (SELECT :first UNION ALL SELECT hour + 1 FROM hours WHERE hour + 1 < :end)
    SELECT CAST((hour - :first) / :step AS INTEGER) AS step, ${key}, ${all}
    FROM hours CROSS JOIN ${table} ON span = hour AND team = :team
    GROUP BY 1, ${key} ORDER BY 1, ${key}`
}
