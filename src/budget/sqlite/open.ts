import { mkdirSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { lockFile } from './file-lock.ts'
import { checkSchema, migrate } from './schema.ts'
import { StoreError, storeErrorOf } from './store-error.ts'

/** How long a statement waits for another program's lock; the event loop stands still meanwhile. */
const BUSY_MS = 50

/** A store this process alone writes to. `close` lets the file and the lock go. */
export interface Store {
  readonly file: string
  readonly database: DatabaseSync
  close(): void
}

/**
 * Opens a store for writing, creating file and directory where they are missing. WAL with `synchronous = NORMAL`: a
 * committed change survives the death of the process; after a power cut the newest may be missing, but never torn.
 * Throws a `StoreError` for a file that is in use, unreadable, damaged, foreign or newer than this program.
 */
export function openStore(path: string): Store {
  const file = createDirectory(path)
  const lock = lockFile(file)
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(file, { timeout: BUSY_MS })
    migrate(database, file)
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
  } catch (error) {
    database?.close()
    lock.release()
    throw storeErrorOf(file, error)
  }
  const opened = database
  return {
    file,
    database,
    close: () => {
      opened.close()
      lock.release()
    },
  }
}

/** Opens a store for reading while a server may be writing to it. Throws a `StoreError` as `openStore` does. */
export function openForReading(file: string): DatabaseSync {
  let database: DatabaseSync | undefined
  try {
    const known = statSync(file, { throwIfNoEntry: false })
    if (known === undefined) throw new StoreError(file, 'no such file')
    if (known.isDirectory()) throw new StoreError(file, 'is a directory')
    database = new DatabaseSync(file, { readOnly: true, timeout: 1000 })
    checkSchema(database, file)
    return database
  } catch (error) {
    database?.close()
    throw storeErrorOf(file, error)
  }
}

/** The file behind links, so that two names of one store meet at the same lock. */
function createDirectory(path: string): string {
  const file = resolve(path)
  try {
    mkdirSync(dirname(file), { recursive: true })
    const known = statSync(file, { throwIfNoEntry: false })
    if (known?.isDirectory() === true) throw new StoreError(file, 'is a directory')
    return known === undefined ? join(realpathSync(dirname(file)), basename(file)) : realpathSync(file)
  } catch (error) {
    throw storeErrorOf(file, error)
  }
}
