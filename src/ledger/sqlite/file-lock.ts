import { DatabaseSync } from 'node:sqlite'
import { StoreError } from '../store-error.ts'
import { isLockedOut, storeErrorOf } from './sqlite-error.ts'

/**
 * Makes this process the only writer of a store until `release`. An empty SQLite file beside the store is
 * held under an exclusive transaction: the operating system drops that lock however the process dies, and it
 * does not block readers of the store itself.
 */
export function lockFile(file: string): { release(): void } {
  const side = `${file}.lock`
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(side)
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database?.close()
    if (isLockedOut(error))
      throw new StoreError(file, `another process is using this store (it holds ${side})`, error)
    throw storeErrorOf(side, error)
  }
  const held = database
  return { release: () => held.close() }
}

/** Whether a process has the store, or may have it: if no lock can be created, there is no way to tell. */
export function isLocked(file: string): boolean {
  try {
    lockFile(file).release()
    return false
  } catch {
    return true
  }
}
