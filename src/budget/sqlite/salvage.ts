import { existsSync, renameSync, rmSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { DAY, HOUR } from '../tally.ts'
import { draftName } from './draft-name.ts'
import { lockFile } from './file-lock.ts'
import { lossOfLog } from './log-loss.ts'
import { mendedCopy, type Write } from './mended-copy.ts'
import { openForReading, openStore, type Store } from './open.ts'
import { realName } from './real-name.ts'
import { SEQ_PER_MS } from './schema.ts'
import { isDamage, StoreError, storeErrorOf } from './store-error.ts'
import { copyTable, tablesIn } from './table-copy.ts'

/** What was saved of a damaged file. */
export interface Salvaged {
  readonly rows: number
  /** Stretches of rows, raises and alerts that could not be read; what a log lacks is one. */
  readonly gaps: number
  /** The sums by hour and day: as they were, with those of lost rows, or counted anew from the rows that are left. */
  readonly sums: 'as they were' | 'counted anew'
  /** Requests that the sums count and no row tells of; 0 where sums are counted anew. */
  readonly rowless: number
}

/** What balances rest on. */
const SUMS: readonly string[] = ['tally_hour', 'tally_day', 'tally_mark', 'kept']

/**
 * Copies what can be read of a damaged file into a new one, which gets its name when it is whole. Throws a `StoreError`
 * where the damaged one is in use or its tables cannot be found, or the new one is there already or cannot be written.
 */
export function salvage(file: string, to: string): Salvaged {
  const damaged = realName(file)
  for (const name of [to, `${to}-wal`]) if (existsSync(name)) throw new StoreError(name, 'is there already')
  const draft = draftName(to)
  const write = <T>(run: () => T): T => {
    try {
      return run()
    } catch (error) {
      const { message } = storeErrorOf(draft, error)
      throw new StoreError(to, `cannot be written: ${message.replace(`${draft}: `, '')}`, error)
    }
  }
  try {
    const saved = intoNewStore(draft, write, (store) => {
      const isLogWhole = lossOfLog(damaged) === undefined
      const source = openDamaged(damaged, `${draft}.copy`, isLogWhole, write)
      try {
        const saved = alone(damaged, () => copyAll(source, store.database, write))
        return isLogWhole ? saved : { ...saved, gaps: saved.gaps + 1 }
      } catch (error) {
        throw storeErrorOf(damaged, error)
      } finally {
        source.close()
      }
    })
    write(() => renameSync(draft, to))
    return saved
  } finally {
    for (const name of [draft, `${draft}.copy`, `${draft}.copy.new`])
      for (const end of ['', '-wal', '-shm', '-journal', '.lock']) rmSync(`${name}${end}`, { force: true })
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
  const store = write(() => openStore(file))
  try {
    const saved = fill(store)
    // What stays in the log does not come along, and closing says nothing of a disk that is full.
    write(() => store.database.exec('PRAGMA wal_checkpoint(TRUNCATE)'))
    return saved
  } finally {
    store.close()
  }
}

/**
 * The damaged file, which nobody may be using meanwhile; where SQLite does not open it, a copy that it does. Opening a log
 * would make the index beside it forget how long it was: that is a copy's, too.
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
  // Sums may know more than rows, which are lost; where they know less, they are lost themselves.
  if (areSumsWhole && rowless >= 0) return { rows, gaps, sums: 'as they were', rowless }
  write(() => countAnew(to))
  return { rows, gaps, sums: 'counted anew', rowless: 0 }
}

const ROWLESS = `SELECT (SELECT coalesce(sum(requests), 0) FROM tally_hour, kept WHERE hour >= since / ${HOUR})
  - (SELECT count(*) FROM ledger, kept, tally_mark WHERE seq <= folded AND at >= since) AS number`

/** The next start counts what stands behind the mark. Sums of a time whose rows were deleted stay as far as they were read. */
function countAnew(to: DatabaseSync): void {
  const since = numberIn(to, 'SELECT coalesce(max(since), 0) AS number FROM kept')
  to.exec(`DELETE FROM tally_hour WHERE hour >= ${since / HOUR}; DELETE FROM tally_day WHERE day >= ${since / DAY};
    DELETE FROM kept; INSERT INTO kept VALUES (${since});
    DELETE FROM tally_mark; INSERT INTO tally_mark VALUES (${since * SEQ_PER_MS - 1})`)
}

function numberIn(database: DatabaseSync, sql: string): number {
  return Number(database.prepare(sql).get()?.number)
}
