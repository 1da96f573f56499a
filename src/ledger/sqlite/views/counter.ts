import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import { DAY } from '../../../base/durations.ts'
import { MOST } from '../../../base/money.ts'
import { SPAN, shapeOf, USAGE_KEY, USAGE_SUMS, usageOf } from '../../counted.ts'
import { DECIDED, UNLABELLED, WORTH } from '../../decision-line.ts'
import { boundedSum } from '../bounded-sum.ts'
import { daySpan } from './count-file.ts'

/** Rows per hour and team kept for review: more than a person can label. */
const PICKS = 20

/**
 * Adds closed rows, given as a stretch or a list of `seq`, to every table, within the running transaction.
 */
export interface Counter {
  countStretch(low: number, high: number): void
  countList(seqs: readonly number[]): void
}

/** Prepares its statements once, for an open file. */
export function prepareCounter(database: DatabaseSync): Counter {
  const ofStretch = prepareFor(database, 'seq > ?1 AND seq <= ?2')
  const ofList = prepareFor(database, 'seq IN (SELECT value FROM json_each(?1))')
  return {
    countStretch: (low, high) => ofStretch(low, high),
    countList: (seqs) => ofList(JSON.stringify(seqs)),
  }
}

function prepareFor(database: DatabaseSync, where: string): (...which: SQLInputValue[]) => void {
  const rows = `(SELECT 1 AS sign, * FROM ledger NOT INDEXED WHERE ${where} AND outcome IS NOT NULL)`
  const statements = [
    adding('usage', usageOf(rows, SPAN, boundedSum), USAGE_KEY, ['requests', ...Object.keys(USAGE_SUMS)]),
    adding('shape', shapeOf(rows, SPAN), 'spread, bucket', ['requests', 'total']),
    `INSERT OR IGNORE INTO pick SELECT span, team, worth, seq FROM (
       SELECT seq, team, at / ${SPAN} AS span, ${WORTH} AS worth,
         row_number() OVER (PARTITION BY team, at / ${SPAN} ORDER BY ${WORTH} DESC) AS rank
       FROM ${rows} WHERE ${DECIDED} AND ${UNLABELLED}) WHERE rank <= ${PICKS}`,
    `DELETE FROM pick WHERE (span, team, worth, seq) IN (SELECT span, team, worth, seq FROM (
       SELECT *, row_number() OVER (PARTITION BY span, team ORDER BY worth DESC) AS rank FROM pick
       WHERE span IN (SELECT DISTINCT at / ${SPAN} FROM ${rows})) WHERE rank > ${PICKS})`,
  ].map((sql) => database.prepare(sql))
  return (...which) => {
    for (const statement of statements) statement.run(...which)
  }
}

/** Adds hourly counts to those of each team and of all teams, by hour and by day. */
function adding(table: string, counts: string, key: string, sums: readonly string[]): string {
  const day = daySpan(`span / ${DAY / SPAN}`)
  const all = sums.map((sum) => `${boundedSum(sum)} AS ${sum}`)
  const added = sums.map((sum) => `${sum} = min(${MOST}, ${sum} + excluded.${sum})`)
  return `INSERT INTO ${table} (span, team, ${key}, ${sums})
    WITH counts AS MATERIALIZED (${counts})
    SELECT span, team, ${key}, ${sums} FROM counts WHERE true
    UNION ALL SELECT span, '', ${key}, ${all} FROM counts GROUP BY span, ${key}
    UNION ALL SELECT ${day}, team, ${key}, ${all} FROM counts GROUP BY 1, team, ${key}
    UNION ALL SELECT ${day}, '', ${key}, ${all} FROM counts GROUP BY 1, ${key}
    ON CONFLICT DO UPDATE SET ${added}`
}
