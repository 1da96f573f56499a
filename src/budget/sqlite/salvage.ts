import { existsSync } from 'node:fs'
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { DAY, HOUR } from '../tally.ts'
import { lockFile } from './file-lock.ts'
import { openForReading, openStore } from './open.ts'
import { SEQ_PER_MS } from './schema.ts'
import { isDamage, StoreError, storeErrorOf, storeFailure } from './store-error.ts'

/** What was saved of a damaged file. */
export interface Salvaged {
  readonly rows: number
  /** Stretches of rows, raises and alerts that could not be read. */
  readonly gaps: number
  /** The sums by hour and day: as they were, with those of lost rows, or counted anew from the rows that are left. */
  readonly sums: 'as they were' | 'counted anew'
}

/** What balances rest on. */
const SUMS: readonly string[] = ['tally_hour', 'tally_day', 'tally_mark', 'kept']

/**
 * Copies what can be read of a damaged file into a new one. Throws a `StoreError` where the damaged one is in use or has
 * not even its schema, or the new one is there already or cannot be written.
 */
export function salvage(damaged: string, to: string): Salvaged {
  if (existsSync(to)) throw new StoreError(to, 'is there already')
  const from = openForReading(damaged)
  try {
    return alone(damaged, () => {
      const store = openStore(to)
      try {
        return copyAll(from, store.database)
      } finally {
        store.close()
      }
    })
  } catch (error) {
    throw storeErrorOf(damaged, error)
  } finally {
    from.close()
  }
}

function alone<T>(file: string, run: () => T): T {
  const lock = lockFile(file)
  try {
    return run()
  } finally {
    lock.release()
  }
}

function copyAll(from: DatabaseSync, to: DatabaseSync): Salvaged {
  to.exec('DELETE FROM tally_mark; DELETE FROM kept')
  let gaps = 0
  let areSumsWhole = true
  for (const table of tablesIn(to)) {
    const lost = copyTable(from, to, table)
    if (!SUMS.includes(table.name)) gaps += lost
    else if (lost > 0) areSumsWhole = false
  }
  areSumsWhole &&= numberIn(to, 'SELECT count(*) AS number FROM tally_mark, kept') === 1
  if (!areSumsWhole) countAnew(to)
  const rows = numberIn(to, 'SELECT count(*) AS number FROM ledger')
  return { rows, gaps, sums: areSumsWhole ? 'as they were' : 'counted anew' }
}

interface Table {
  readonly name: string
  /** A column of numbers that rows lie in order of; without one, nothing behind damage is found again. */
  readonly order: string | undefined
}

function tablesIn(database: DatabaseSync): readonly Table[] {
  const orders: Readonly<Record<string, string>> = { tally_hour: 'hour', tally_day: 'day' }
  return database
    .prepare(
      `SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite%'`,
    )
    .all()
    .map(({ name, wr }) => ({
      name: String(name),
      order: wr === 0 ? 'rowid' : orders[String(name)],
    }))
}

/** The next start counts what stands behind the mark. Sums of a time whose rows were deleted stay as far as they were read. */
function countAnew(to: DatabaseSync): void {
  const since = numberIn(to, 'SELECT coalesce(max(since), 0) AS number FROM kept')
  to.exec(`DELETE FROM tally_hour WHERE hour >= ${since / HOUR}; DELETE FROM tally_day WHERE day >= ${since / DAY};
    DELETE FROM kept; INSERT INTO kept VALUES (${since});
    DELETE FROM tally_mark; INSERT INTO tally_mark VALUES (${since * SEQ_PER_MS - 1})`)
}

const ROWS_AT_ONCE = 50_000

/** Answers how many stretches could not be read. */
function copyTable(from: DatabaseSync, to: DatabaseSync, table: Table): number {
  const { name, order = '0 + 0' } = table
  const columns = from
    .prepare(`PRAGMA table_info(${name})`)
    .all()
    .map((column) => `"${column.name}"`)
  const read = `SELECT ${order} AS place_, ${columns} FROM ${name} WHERE ${order} >= ? ORDER BY ${order}`
  const insert = to.prepare(
    `INSERT OR IGNORE INTO ${name} (${columns}) VALUES (${columns.map(() => '?').join(', ')})`,
  )
  let next = 0
  let gaps = 0
  let count = 0
  to.exec('BEGIN')
  while (next !== Number.POSITIVE_INFINITY) {
    try {
      // Prepared anew: one that has failed says so once more when it is reset.
      for (const { place_: place, ...row } of from.prepare(read).iterate(next)) {
        if (!insertRow(insert, Object.values(row))) gaps += 1
        if (table.order !== undefined) next = Number(place) + 1
        count += 1
        if (count % ROWS_AT_ONCE === 0) to.exec('COMMIT; BEGIN')
      }
      next = Number.POSITIVE_INFINITY
    } catch (error) {
      if (!isDamage(error)) throw error
      gaps += 1
      next = table.order === undefined ? Number.POSITIVE_INFINITY : readableFrom(from, name, order, next)
    }
  }
  to.exec('COMMIT')
  return gaps
}

/** False for a row that reads like none: damage need not look like damage. */
function insertRow(insert: StatementSync, values: SQLInputValue[]): boolean {
  try {
    insert.run(...values)
    return true
  } catch (error) {
    if (storeFailure(error) !== undefined) throw error
    return false
  }
}

/** The first place behind an unreadable one from where rows can be read again; infinity where there is none. */
function readableFrom(from: DatabaseSync, table: string, order: string, unreadable: number): number {
  const probe = `SELECT * FROM ${table} WHERE ${order} >= ? ORDER BY ${order} LIMIT 1`
  const isReadable = (place: number) => {
    try {
      from.prepare(probe).get(place)
      return true
    } catch (error) {
      if (!isDamage(error)) throw error
      return false
    }
  }
  let step = 1
  while (!isReadable(unreadable + step)) {
    step *= 2
    if (!Number.isSafeInteger(unreadable + step)) return Number.POSITIVE_INFINITY
  }
  let [bad, good] = [unreadable + Math.floor(step / 2), unreadable + step]
  while (good - bad > 1) {
    const middle = Math.floor((bad + good) / 2)
    if (isReadable(middle)) good = middle
    else bad = middle
  }
  return good
}

function numberIn(database: DatabaseSync, sql: string): number {
  return Number(database.prepare(sql).get()?.number)
}
