import type { DatabaseSync } from 'node:sqlite'
import { MOST } from '../../base/money.ts'
import { WINDOWS } from '../ledger.ts'
import { spanAt } from '../window.ts'
import { boundedSum } from './bounded-sum.ts'

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
export function broughtForward(database: DatabaseSync): readonly BroughtForward[] {
  const newest = database.prepare('SELECT max(at) AS at FROM ledger').get()?.at
  if (typeof newest !== 'number') return []
  const sums = WINDOWS.map((per, place) => {
    const { start } = spanAt(per, newest)
    return `${boundedSum('cost_nusd', `at >= ${Math.max(0, start)}`)} AS spent${place}`
  })
  const teams = new Map<string, BroughtForward>()
  const keys: BroughtForward[] = []
  for (const row of database.prepare(`SELECT team, key, ${sums} FROM ledger GROUP BY team, key`).iterate()) {
    const team = String(row.team)
    const spent = WINDOWS.map((_, place) => Number(row[`spent${place}`]))
    keys.push({ team, key: String(row.key), at: newest, spent })
    const others = teams.get(team)?.spent
    const all = spent.map((amount, place) => Math.min(MOST, amount + (others?.[place] ?? 0)))
    teams.set(team, { team, key: undefined, at: newest, spent: all })
  }
  return [...teams.values(), ...keys]
}
