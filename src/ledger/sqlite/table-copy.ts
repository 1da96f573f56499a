import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import type { Write } from './mended-copy.ts'
import { isDamage, storeFailure } from './sqlite-error.ts'

/** A table to copy. */
interface Table {
  readonly name: string
  /** The numeric column by which rows are ordered; without one, nothing behind damage can be found again. */
  readonly order: string | undefined
}

/** The store's own tables. */
export function tablesIn(database: DatabaseSync): readonly Table[] {
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

const ROWS_AT_ONCE = 50_000

/**
 * Copies what can be read of a table and returns the number of unreadable stretches. Terminates whatever the
 * damage, because every retry starts behind the last row reached before. `write` runs operations on the new
 * store.
 */
export function copyTable(from: DatabaseSync, to: DatabaseSync, table: Table, write: Write): number {
  const { name, order = '0 + 0' } = table
  const columns = to
    .prepare(`PRAGMA table_info(${name})`)
    .all()
    .map((column) => `"${column.name}"`)
  const read = `SELECT ${order} AS position_, ${columns} FROM ${name} WHERE ${order} >= ? ORDER BY ${order}`
  const insert = to.prepare(
    `INSERT OR IGNORE INTO ${name} (${columns}) VALUES (${columns.map(() => '?').join(', ')})`,
  )
  let next = 0
  let gaps = 0
  let count = 0
  write(() => to.exec('BEGIN'))
  while (next !== Number.POSITIVE_INFINITY) {
    let [seen, saved] = [next, next]
    try {
      // Prepared each time: resetting a statement that failed would raise its error again.
      for (const { position_: position, ...row } of from.prepare(read).iterate(next)) {
        seen = Math.max(seen, Number(position))
        if (write(() => insertRow(insert, Object.values(row)))) saved = Math.max(saved, Number(position) + 1)
        else gaps += 1
        count += 1
        if (count % ROWS_AT_ONCE === 0) write(() => to.exec('COMMIT; BEGIN'))
      }
      next = Number.POSITIVE_INFINITY
    } catch (error) {
      if (!isDamage(error)) throw error
      gaps += 1
      // If nothing was saved, retrying from there would read the same row again.
      const unreadable = saved > next ? saved : seen
      next =
        table.order === undefined ? Number.POSITIVE_INFINITY : readableFrom(from, name, order, unreadable)
    }
  }
  write(() => to.exec('COMMIT'))
  return gaps
}

/** False for a row that is invalid or already present: damage need not be detected as damage. */
function insertRow(insert: StatementSync, values: SQLInputValue[]): boolean {
  try {
    return insert.run(...values).changes !== 0
  } catch (error) {
    if (storeFailure(error) !== undefined) throw error
    return false
  }
}

/**
 * The first position after an unreadable one from which rows can be read again; infinity if there is none.
 */
function readableFrom(from: DatabaseSync, table: string, order: string, unreadable: number): number {
  const probe = `SELECT ${order} AS position_, * FROM ${table} WHERE ${order} >= ? ORDER BY ${order} LIMIT 1`
  const isReadable = (position: number) => {
    try {
      const found = from.prepare(probe).get(position)
      // On a damaged page rows may be out of order, and an earlier one would be found again and again.
      return found === undefined || Number(found.position_) >= position
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
