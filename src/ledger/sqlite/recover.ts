import type { DatabaseSync } from 'node:sqlite'
import { DAY, HOUR } from '../../base/durations.ts'
import { MOST } from '../../base/money.ts'
import { WINDOWS } from '../../budget/budget.ts'
import { spanAt } from '../../budget/window.ts'
import { boundedSum } from './bounded-sum.ts'
import { storeFailure } from './sqlite-error.ts'
import { type Fold, UNTALLIED } from './tally.ts'

/**
 * Settles what a dead process left open at the amount it held: the most its requests can have cost. Whether
 * they were billed at all is unknown, so unknown values stay null. One transaction, and idempotent.
 */
export function settleOpenRows(database: DatabaseSync): void {
  database.exec(
    `UPDATE ledger SET outcome = 'unsettled', usage_source = 'bound', cost_nusd = held_nusd
     WHERE ${UNTALLIED} AND outcome IS NULL`,
  )
}

/** Rows tallied per transaction: the first start on a file of an older version tallies all it has. */
const ROWS_AT_ONCE = 100_000

/**
 * Tallies the rows that the last process did not. If the file cannot be written they stay untallied, and sums
 * read them one by one.
 */
export function foldRest(fold: Fold): void {
  try {
    let more = true
    while (more) more = fold(ROWS_AT_ONCE)
  } catch (error) {
    if (storeFailure(error) === undefined) throw error
  }
}

/**
 * The `seq` of the newest row. If the newest rows have been deleted, no new row may come before the mark: it
 * would never be counted.
 */
export function lastSeq(database: DatabaseSync): number {
  const last = 'SELECT max(folded, coalesce((SELECT max(seq) FROM ledger), 0)) AS seq FROM tally_mark'
  return Number(database.prepare(last).get()?.seq)
}

/** What a team, or one of its keys, has spent in the windows that contain `at`, in the order of `WINDOWS`. */
interface BroughtForward {
  readonly team: string
  readonly key: string | undefined
  readonly at: number
  readonly spent: readonly number[]
}

/**
 * Reads the tallies and the rows not yet tallied. `at` is in the newest row's hour, so no payer has a row
 * after its windows.
 */
export function broughtForward(database: DatabaseSync): readonly BroughtForward[] {
  const newest = database
    .prepare(
      `SELECT max(at) AS at FROM (SELECT max(hour) * ${HOUR} AS at FROM tally_hour
         UNION ALL SELECT max(at) FROM ledger WHERE ${UNTALLIED})`,
    )
    .get()?.at
  if (typeof newest !== 'number') return []
  const hour = Math.floor(newest / HOUR)
  const sums = WINDOWS.map((per, index) => {
    const summed = per === 'hour' ? 'of_hour' : 'of_day'
    return `${boundedSum(summed, `at >= ${Math.max(0, spanAt(per, newest).start)}`)} AS spent${index}`
  })
  const parts = `SELECT team, key, day * ${DAY} AS at, 0 AS of_hour, cost_nusd AS of_day FROM tally_day
    UNION ALL SELECT team, key, hour * ${HOUR}, cost_nusd, 0 FROM tally_hour WHERE hour >= ${hour}
    UNION ALL SELECT team, key, at, cost_nusd, cost_nusd FROM ledger WHERE ${UNTALLIED}`
  const teams = new Map<string, BroughtForward>()
  const keys: BroughtForward[] = []
  for (const row of database
    .prepare(`SELECT team, key, ${sums} FROM (${parts}) GROUP BY team, key`)
    .iterate()) {
    const team = String(row.team)
    const spent = WINDOWS.map((_, index) => Number(row[`spent${index}`]))
    keys.push({ team, key: String(row.key), at: newest, spent })
    const others = teams.get(team)?.spent
    const all = spent.map((amount, index) => Math.min(MOST, amount + (others?.[index] ?? 0)))
    teams.set(team, { team, key: undefined, at: newest, spent: all })
  }
  return [...teams.values(), ...keys]
}
