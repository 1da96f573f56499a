import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { isUnwritable } from './sqlite-error.ts'

/** How long a statement waits for a lock. */
const BUSY_MS = 1000

/**
 * Readers share an index beside the file, which the first one creates. Where it may not (another user's
 * folder, a read-only file system), and nobody else has a log or an index there, the file is read alone. Throws
 * what SQLite and `check` throw.
 */
export function openAsIs(real: string, check: (database: DatabaseSync) => unknown): DatabaseSync {
  const open = (file: string | URL) => {
    const database = new DatabaseSync(file, { readOnly: true, timeout: BUSY_MS })
    try {
      check(database)
      return database
    } catch (error) {
      database.close()
      throw error
    }
  }
  try {
    return open(real)
  } catch (error) {
    if (!isUnwritable(error) || ['-wal', '-shm', '-journal'].some((end) => existsSync(`${real}${end}`)))
      throw error
    const alone = pathToFileURL(real)
    alone.searchParams.set('immutable', '1')
    return open(alone)
  }
}
