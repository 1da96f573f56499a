import { chmodSync, existsSync, renameSync, statSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { DAY, HOUR } from '../../base/durations.ts'
import { StoreError } from '../store-error.ts'
import { lockFile } from './file-lock.ts'
import { lossOfLog } from './log-loss.ts'
import { mendedCopy, type Write } from './mended-copy.ts'
import { openForReading, openStore, type Store } from './open.ts'
import { PRIVATE, withDraft } from './owned-draft.ts'
import { realName } from './real-name.ts'
import { SEQ_PER_MS } from './schema.ts'
import { isDamage, storeErrorOf } from './sqlite-error.ts'
import { copyTable, tablesIn } from './table-copy.ts'

/** What was recovered from a damaged file. */
export interface Salvaged {
  readonly rows: number
  /** Stretches of rows, raises and alerts that could not be read. What a log lacks counts as one. */
  readonly gaps: number
  /**
   * The hourly and daily sums: intact, including those of lost rows, or recounted from the remaining rows.
   */
  readonly sums: 'copied' | 'recomputed'
  /** Requests that the sums include but that have no row; 0 if the sums were recounted. */
  readonly rowless: number
}

/** The tables that balances depend on. */
const SUMS: readonly string[] = ['tally_hour', 'tally_day', 'tally_mark', 'kept']

/**
 * Copies what can be read of a damaged file into a new one, which appears under its name only once complete.
 * Throws a `StoreError` if the damaged file is in use or its tables cannot be found, or if the new file
 * exists or cannot be written.
 */
export function salvage(file: string, to: string): Salvaged {
  const damaged = realName(file)
  for (const name of [to, `${to}-wal`]) if (existsSync(name)) throw new StoreError(name, 'already exists')
  return withDraft(to, (draft) => {
    const write = writing(draft, to)
    const saved = intoNewStore(draft, write, (store) => {
      const isLogWhole = lossOfLog(damaged) === undefined
      return withDraft(to, (copy) => {
        const source = openDamaged(damaged, copy, isLogWhole, write)
        try {
          const saved = alone(damaged, () => copyAll(source, store.database, write))
          return isLogWhole ? saved : { ...saved, gaps: saved.gaps + 1 }
        } catch (error) {
          throw storeErrorOf(damaged, error)
        } finally {
          source.close()
        }
      })
    })
    write(() => {
      chmodSync(draft, statSync(damaged).mode)
      renameSync(draft, to)
    })
    return saved
  })
}

function writing(draft: string, to: string): Write {
  return (run) => {
    try {
      return run()
    } catch (error) {
      throw new StoreError(to, `cannot be written: ${storeErrorOf(draft, error).problem}`, error)
    }
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

function intoNewStore(file: string, write: Write, fill: (store: Store) => Salvaged): Salvaged {
  const store = write(() => {
    openStore(file).close()
    // Before its log is created, which gets the same mode: there may be prompts in them.
    chmodSync(file, PRIVATE)
    return openStore(file)
  })
  try {
    const saved = fill(store)
    // Anything left in the log would not be moved along with the file, and closing does not report a full
    // disk.
    write(() => store.database.exec('PRAGMA wal_checkpoint(TRUNCATE)'))
    return saved
  } finally {
    store.close()
  }
}

/**
 * Opens the damaged file, which no other process may be using; if SQLite refuses it, opens a mended copy.
 * With an incomplete log a copy is used too, because opening a log resets the index that records its length.
 */
function openDamaged(damaged: string, copy: string, isLogWhole: boolean, write: Write): DatabaseSync {
  if (!isLogWhole) return mendedCopy(damaged, copy, write)
  try {
    return openForReading(damaged)
  } catch (error) {
    if (!(error instanceof StoreError && isDamage(error.cause))) throw error
    return mendedCopy(damaged, copy, write)
  }
}

function copyAll(from: DatabaseSync, to: DatabaseSync, write: Write): Salvaged {
  write(() => to.exec('DELETE FROM tally_mark; DELETE FROM kept'))
  let gaps = 0
  let areSumsWhole = true
  for (const table of tablesIn(to)) {
    const lost = copyTable(from, to, table, write)
    if (!SUMS.includes(table.name)) gaps += lost
    else if (lost > 0) areSumsWhole = false
  }
  areSumsWhole &&= numberIn(to, 'SELECT count(*) AS number FROM tally_mark, kept') === 1
  const rows = numberIn(to, 'SELECT count(*) AS number FROM ledger')
  const rowless = areSumsWhole ? numberIn(to, ROWLESS) : 0
  // Sums may include lost rows. Sums that fall short of the rows have themselves been lost.
  if (areSumsWhole && rowless >= 0) return { rows, gaps, sums: 'copied', rowless }
  write(() => countAnew(to))
  return { rows, gaps, sums: 'recomputed', rowless: 0 }
}

const ROWLESS = `SELECT (SELECT coalesce(sum(requests), 0) FROM tally_hour, kept WHERE hour >= since / ${HOUR})
  - (SELECT count(*) FROM ledger, kept, tally_mark WHERE seq <= folded AND at >= since) AS number`

/**
 * The next start counts the rows behind the mark. Sums for a time whose rows were deleted stay, as far as
 * they could be read.
 */
function countAnew(to: DatabaseSync): void {
  const since = numberIn(to, 'SELECT coalesce(max(since), 0) AS number FROM kept')
  to.exec(`DELETE FROM tally_hour WHERE hour >= ${since / HOUR}; DELETE FROM tally_day WHERE day >= ${since / DAY};
    DELETE FROM kept; INSERT INTO kept VALUES (${since});
    DELETE FROM tally_mark; INSERT INTO tally_mark VALUES (${since * SEQ_PER_MS - 1})`)
}

function numberIn(database: DatabaseSync, sql: string): number {
  return Number(database.prepare(sql).get()?.number)
}
