import type { DatabaseSync } from 'node:sqlite'
import { DAY } from '../../../base/durations.ts'
import { SHAPE_KEY, ShapeLine, SPAN, USAGE_KEY, USAGE_SUMS, UsageLine } from '../../counted.ts'
import type { Counted, CountWindow } from '../../views.ts'
import { boundedSum } from '../bounded-sum.ts'
import { daySpan } from './count-file.ts'
import type { Counting } from './counting.ts'

/**
 * How long counting a window's newest rows may take before the answer goes out without the rest.
 * Milliseconds.
 */
const CATCH_UP_MS = 60

/** Sums for each step of a window, for one team or for all (''). */
export function prepareWindow(database: DatabaseSync, counting: Counting): (window: CountWindow) => Counted {
  const usageSums = ['requests', ...Object.keys(USAGE_SUMS)]
  const prepared = (span: string) => ({
    usage: database.prepare(summing('usage', USAGE_KEY, usageSums, span)),
    shape: database.prepare(summing('shape', SHAPE_KEY, ['requests', 'total'], span)),
  })
  const [byHour, byDay] = [prepared('number'), prepared(daySpan('number'))]
  return ({ team = '', from, until, stepMs }) => {
    counting.count(performance.now() + CATCH_UP_MS)
    const countedFrom = counting.countedFrom()
    const isOfDays = from % DAY === 0 && stepMs % DAY === 0
    const [{ usage, shape }, spanMs] = isOfDays ? [byDay, DAY] : [byHour, SPAN]
    const values = { team, first: from / spanMs, end: Math.ceil(until / spanMs), step: stepMs / spanMs }
    return {
      usage: usage.all(values).map((line) => UsageLine.parse(line)),
      shape: shape.all(values).map((line) => ShapeLine.parse(line)),
      countedFrom,
      complete: countedFrom <= from,
    }
  }
}

/**
 * Lists every span explicitly, because a team's lines are not adjacent in the index. `span` is the SQL for
 * the span of a number, counted from the epoch.
 */
function summing(table: string, key: string, sums: readonly string[], span: string): string {
  const all = sums.map((sum) => `${boundedSum(sum)} AS ${sum}`)
  return `WITH RECURSIVE numbers(number) AS (SELECT :first UNION ALL SELECT number + 1 FROM numbers WHERE number + 1 < :end)
    SELECT CAST((number - :first) / :step AS INTEGER) AS step, ${key}, ${all}
    FROM numbers CROSS JOIN ${table} ON span = ${span} AND team = :team
    GROUP BY 1, ${key} ORDER BY 1, ${key}`
}
