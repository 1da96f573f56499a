import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { damageOfVitals } from './examination.ts'
import { missingAtEnd, refuseEmptyFile } from './file-length.ts'
import { isLocked, lockFile } from './file-lock.ts'
import { lossOfLog, refuseLogAlone } from './log-loss.ts'
import { createStore } from './new-store.ts'
import { realName } from './real-name.ts'
import { checkSchema, isCurrent, migrate } from './schema.ts'
import { DAMAGED, StoreError, storeErrorOf } from './store-error.ts'

/** How long a statement waits for another program's lock; the event loop stands still meanwhile. */
const BUSY_MS = 50

/** A store this process alone writes to. `close` lets the file and the lock go. */
export interface Store {
  readonly file: string
  readonly database: DatabaseSync
  /** The file still stands under its name: removed or replaced, it goes on until the process ends, and is gone then. */
  isInPlace(): boolean
  close(): void
}

/**
 * Opens a store for writing, creating file and directory where they are missing. WAL with `synchronous = NORMAL`: a
 * committed change survives the death of the process; after a power cut the newest may be missing, but never torn. Room
 * that becomes free can be given back in steps. Throws a `StoreError` for a file that is in use, unreadable, damaged, empty,
 * foreign or newer than this program.
 */
export function openStore(path: string): Store {
  const file = createDirectory(path)
  const lock = lockFile(file)
  let database: DatabaseSync | undefined
  try {
    refuseEmptyFile(file)
    refuseLogAlone(file)
    if (!existsSync(file)) createStore(file)
    const loss = lossOfLog(file)
    if (loss !== undefined) throw new StoreError(file, `${DAMAGED} (${loss})`)
    database = new DatabaseSync(file, { timeout: BUSY_MS })
    const missing = missingAtEnd(database, file)
    if (missing !== undefined) throw new StoreError(file, `${DAMAGED} (${missing})`)
    database.exec('PRAGMA secure_delete = FAST')
    migrate(database, file)
    const damage = damageOfVitals(database)
    if (damage !== undefined) throw new StoreError(file, `${DAMAGED} (${damage})`)
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
  } catch (error) {
    database?.close()
    lock.release()
    throw storeErrorOf(file, error)
  }
  const opened = database
  const { ino } = statSync(file)
  return {
    file,
    database,
    isInPlace: () => statSync(file, { throwIfNoEntry: false })?.ino === ino,
    close: () => {
      opened.close()
      lock.release()
    },
  }
}

/** Opens a store for reading while a server may be writing to it. Throws a `StoreError` as `openStore` does. */
export function openForReading(file: string): DatabaseSync {
  return openReadOnly(file, checkSchema)
}

/** The same, whatever has become of its log: as much as SQLite makes of it. */
export function openForSalvage(file: string): DatabaseSync {
  return openReadOnly(file, checkSchema, true)
}

/** The same, where an older schema is as good as this program's. */
export function openAnyVersion(file: string): DatabaseSync {
  return openReadOnly(file, isCurrent)
}

function openReadOnly(
  file: string,
  check: (database: DatabaseSync, file: string) => unknown,
  mayLackLog = false,
): DatabaseSync {
  let database: DatabaseSync | undefined
  try {
    const known = statSync(file, { throwIfNoEntry: false })
    if (known === undefined) throw new StoreError(file, 'no such file')
    if (known.isDirectory()) throw new StoreError(file, 'is a directory')
    refuseEmptyFile(file)
    const real = realName(file)
    const loss = mayLackLog ? undefined : lossOfLog(real)
    // A log that is being written is never whole for long.
    if (loss !== undefined && !isLocked(real)) throw new StoreError(file, `${DAMAGED} (${loss})`)
    database = new DatabaseSync(real, { readOnly: true, timeout: 1000 })
    check(database, file)
    return database
  } catch (error) {
    database?.close()
    throw storeErrorOf(file, error)
  }
}

/**
 * Opens a store for short changes that no server knows of or minds, while one may be using it: they take turns, and a
 * change waits for the server's. It never shortens the server's log. Throws a `StoreError` as `openStore` does.
 */
export function openBeside(file: string): DatabaseSync {
  // What is wrong with a file is told as a reader tells it.
  openForReading(file).close()
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(file, { timeout: 1000 })
    database.exec('PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0')
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
    makeMissing(dirname(file))
    const real = realName(file)
    makeMissing(dirname(real))
    const known = statSync(file, { throwIfNoEntry: false })
    if (known?.isDirectory() === true) throw new StoreError(file, 'is a directory')
    // A lock beside a device would lie in /dev, and be all that came of it.
    if (known?.isFile() === false) throw new StoreError(file, 'is a device, a pipe or a socket, not a file')
    return realName(real)
  } catch (error) {
    throw storeErrorOf(file, error)
  }
}

/** Makes a directory and those above it, one by one: Node's own way never returns where one cannot be made. */
function makeMissing(directory: string): void {
  const known = statSync(directory, { throwIfNoEntry: false })
  if (known?.isDirectory() === true) return
  if (known !== undefined) throw new Error(`${directory} is not a directory`)
  makeMissing(dirname(directory))
  try {
    mkdirSync(directory)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    // Another process may have been faster.
    if (code !== 'EEXIST') throw new Error(`the directory ${directory} cannot be made: ${code}`)
  }
}
