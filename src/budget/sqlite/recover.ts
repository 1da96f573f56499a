import type { DatabaseSync } from 'node:sqlite'
import { WINDOWS } from '../ledger.ts'
import { spanAt } from '../window.ts'

/**
 * Settles what a dead process left open at the amount it held: the most its requests can have cost. Whether they were
 * billed at all is unknown, so what is not known stays null. One transaction: run twice, it changes nothing more.
 */
export function settleOpenRows(database: DatabaseSync): void {
  database.exec(
    `UPDATE ledger SET outcome = 'unsettled', usage_source = 'bound', cost_nusd = held_nusd WHERE outcome IS NULL`,
  )
}

/** What a team, or one key of it, has spent in the windows that `at` falls in, in the order of `WINDOWS`. */
export interface BroughtForward {
  readonly team: string
  readonly key: string | undefined
  readonly at: number
  readonly spent: readonly number[]
}

/** Reads every row once. `at` is the newest row's time, so no payer has a row after its windows. */
export function* broughtForward(database: DatabaseSync): Generator<BroughtForward> {
  const newest = database.prepare('SELECT max(at) AS at FROM ledger').get()?.at
  if (typeof newest !== 'number') return
  const sums = WINDOWS.map((per) => {
    const { start } = spanAt(per, newest)
    return `min(coalesce(sum(cost_nusd) FILTER (WHERE at >= ${Math.max(0, start)}), 0), ${Number.MAX_SAFE_INTEGER})`
  })
  const columns = sums.map((sum, place) => `${sum} AS spent${place}`)
  for (const [grouped, key] of [
    ['team', 'NULL'],
    ['team, key', 'key'],
  ]) {
    const query = database.prepare(`SELECT team, ${key} AS key, ${columns} FROM ledger GROUP BY ${grouped}`)
    for (const row of query.iterate())
      yield {
        team: String(row.team),
        key: row.key === null ? undefined : String(row.key),
        at: newest,
        spent: WINDOWS.map((_, place) => Number(row[`spent${place}`])),
      }
  }
}
