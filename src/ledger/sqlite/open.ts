import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StoreError } from '../store-error.ts'
import { damageOfVitals } from './examination.ts'
import { missingAtEnd, refuseEmptyFile } from './file-length.ts'
import { isLocked, lockFile } from './file-lock.ts'
import { lossOfLog, refuseLogAlone } from './log-loss.ts'
import { createStore } from './new-store.ts'
import { openAsIs } from './open-as-is.ts'
import { realName } from './real-name.ts'
import { checkSchema, isCurrent, migrate } from './schema.ts'
import { DAMAGED, storeErrorOf } from './sqlite-error.ts'

/** How long a statement waits for another program's lock. The event loop is blocked meanwhile. */
const BUSY_MS = 50

/** A store that only this process writes to. `close` releases the file and the lock. */
export interface Store {
  readonly file: string
  readonly database: DatabaseSync
  /**
   * Whether the file is still at its path. If removed or replaced, it works until the process ends and is
   * then gone.
   */
  isInPlace(): boolean
  close(): void
}

/**
 * Opens a store for writing, creating the file and its directory if needed. WAL with `synchronous = NORMAL`:
 * a committed change survives the death of the process; a power cut may lose the newest ones but never tears
 * one. Freed space can be returned in steps. Throws a `StoreError` for a file that is in use, unreadable,
 * damaged, empty, foreign or newer than this program.
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

/**
 * Opens a store for reading while a server may be writing to it. Throws a `StoreError` as `openStore` does.
 */
export function openForReading(file: string): DatabaseSync {
  return openReadOnly(file, checkSchema)
}

/** The same, whatever the state of its log: takes what SQLite can read of it. */
export function openForSalvage(file: string): DatabaseSync {
  return openReadOnly(file, checkSchema, true)
}

/** The same, for callers that accept an older schema as well. */
export function openAnyVersion(file: string): DatabaseSync {
  return openReadOnly(file, isCurrent)
}

function openReadOnly(
  file: string,
  check: (database: DatabaseSync, file: string) => unknown,
  mayLackLog = false,
): DatabaseSync {
  try {
    const known = statSync(file, { throwIfNoEntry: false })
    if (known === undefined) throw new StoreError(file, 'no such file')
    if (known.isDirectory()) throw new StoreError(file, 'is a directory')
    refuseEmptyFile(file)
    const real = realName(file)
    const loss = mayLackLog ? undefined : lossOfLog(real)
    // A log that is being written may always look incomplete.
    if (loss !== undefined && !isLocked(real)) throw new StoreError(file, `${DAMAGED} (${loss})`)
    return openAsIs(real, (database) => check(database, file))
  } catch (error) {
    throw storeErrorOf(file, error)
  }
}

/**
 * Opens a store for short changes that do not concern a server, while one may be using it: writers take
 * turns, and a change waits for the server's. Never checkpoints the server's log. Throws a `StoreError` as
 * `openStore` does.
 */
export function openBeside(file: string): DatabaseSync {
  // Reports problems of the file exactly as a reader would.
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

/** Resolves links, so that two names of one store meet at the same lock. */
function createDirectory(path: string): string {
  const file = resolve(path)
  try {
    makeMissing(dirname(file))
    const real = realName(file)
    makeMissing(dirname(real))
    const known = statSync(file, { throwIfNoEntry: false })
    if (known?.isDirectory() === true) throw new StoreError(file, 'is a directory')
    // A lock beside a device would be created in /dev, to no effect.
    if (known?.isFile() === false) throw new StoreError(file, 'is a device, a pipe or a socket, not a file')
    return realName(real)
  } catch (error) {
    throw storeErrorOf(file, error)
  }
}

/**
 * Creates a directory and its parents one by one: Node's recursive `mkdir` can hang where a directory cannot
 * be created.
 */
function makeMissing(directory: string): void {
  const known = statSync(directory, { throwIfNoEntry: false })
  if (known?.isDirectory() === true) return
  if (known !== undefined) throw new Error(`${directory} is not a directory`)
  makeMissing(dirname(directory))
  try {
    mkdirSync(directory)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    // Another process may have created it first.
    if (code !== 'EEXIST') throw new Error(`the directory ${directory} cannot be made: ${code}`)
  }
}
