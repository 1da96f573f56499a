import type { DatabaseSync } from 'node:sqlite'
import { DAY, HOUR } from '../../base/durations.ts'
import { MOST } from '../../base/money.ts'
import { SUMMED, TALLIED_CLASS, TALLIED_TARGET } from '../tally.ts'
import { boundedSum } from './bounded-sum.ts'

/** SQL: rows not yet tallied, by their `seq`. */
export const UNTALLIED = 'seq > (SELECT folded FROM tally_mark)'

/**
 * Adds up to `most` further rows to the hourly and daily sums, stopping at the first one that is still open;
 * atomic within the running transaction. Returns whether there may be more. Every row is counted exactly
 * once, whenever a process dies, because the mark moves together with the sums.
 */
export type Fold = (most: number) => boolean

/** Prepares its statements once, for an open file. */
export function prepareFold(database: DatabaseSync): Fold {
  const next = database.prepare(
    `SELECT (SELECT folded FROM tally_mark) AS folded, count(*) AS rows,
       coalesce(min(seq) FILTER (WHERE outcome IS NULL) - 1, max(seq)) AS until
     FROM (SELECT seq, outcome FROM ledger WHERE ${UNTALLIED} ORDER BY seq LIMIT ?)`,
  )
  const hours = database.prepare(folding('tally_hour', 'hour', HOUR))
  const days = database.prepare(folding('tally_day', 'day', DAY))
  const mark = database.prepare('UPDATE tally_mark SET folded = ?')
  return (most) => {
    const { folded, rows, until } = next.get(most) ?? {}
    if (typeof folded !== 'number' || typeof until !== 'number' || until <= folded) return false
    database.exec('SAVEPOINT fold')
    try {
      hours.run(folded, until)
      days.run(folded, until)
      mark.run(until)
    } catch (error) {
      // A full disk may already have ended the whole transaction.
      if (database.isTransaction) database.exec('ROLLBACK TO fold; RELEASE fold')
      throw error
    }
    database.exec('RELEASE fold')
    return rows === most
  }
}

function folding(table: string, column: string, length: number): string {
  const sums = Object.keys(SUMMED)
  const added = sums.map((name) => `${name} = min(${MOST}, ${name} + excluded.${name})`)
  return `INSERT INTO ${table} (${column}, team, key, target, class, requests, ${sums}, last_seq)
    SELECT at / ${length}, team, key, ${TALLIED_TARGET}, ${TALLIED_CLASS}, count(*),
      ${Object.values(SUMMED).map((expression) => boundedSum(expression))}, max(seq)
    FROM ledger NOT INDEXED WHERE seq > ? AND seq <= ? GROUP BY 1, 2, 3, 4, 5
    ON CONFLICT DO UPDATE SET requests = requests + excluded.requests, ${added},
      last_seq = max(last_seq, excluded.last_seq)`
}
