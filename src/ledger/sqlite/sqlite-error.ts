import { StoreError } from '../store-error.ts'

export const DAMAGED =
  'the database is damaged: stop the server, copy the file with its -wal, then replace it with a backup or with what "trivium salvage FILE --out NEW" recovers'

export const DISPLACED =
  'the file was removed or replaced while this process is using it: what it writes is lost when it exits'

/**
 * SQLite's primary result codes for failures of the store rather than the statement: they fail a whole batch.
 */
const STORE_FAILURES: ReadonlyMap<number, string> = new Map([
  [3, 'permission denied'],
  [5, 'locked by another process'],
  [6, 'locked by another process'],
  [7, 'out of memory'],
  [8, 'the file or its directory is read-only'],
  [9, 'interrupted'],
  [10, 'disk I/O error'],
  [11, DAMAGED],
  [13, 'the disk is full'],
  [14, 'cannot be opened'],
  [15, 'locked by another process'],
  [26, 'not a SQLite database'],
])

/** Another connection holds a lock that a statement needs: 5 is a busy file, 6 a locked table, 15 a log. */
const LOCKED: readonly number[] = [5, 6, 15]

/** Codes for a page that is invalid or that the disk cannot read. */
const DAMAGE: readonly number[] = [10, 11, 26]

/** SQLite's primary result code; undefined for an error that is not SQLite's. */
function resultCodeOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number')
    return undefined
  return error.errcode & 0xff
}

function hasCode(error: unknown, codes: readonly number[]): boolean {
  const code = resultCodeOf(error)
  return code !== undefined && codes.includes(code)
}

/** Describes what is wrong with the store; undefined if the statement itself was at fault. */
export function storeFailure(error: unknown): string | undefined {
  const code = resultCodeOf(error)
  return code === undefined ? undefined : STORE_FAILURES.get(code)
}

/** Whether the file itself is damaged: a backup or `trivium salvage` helps, waiting does not. */
export function isDamage(error: unknown): boolean {
  return hasCode(error, DAMAGE)
}

/** Another connection has been writing for longer than a statement waits. */
export function isBusy(error: unknown): boolean {
  return hasCode(error, [5])
}

/** Whether another connection, usually of another process, has locked the file. */
export function isLockedOut(error: unknown): boolean {
  return hasCode(error, LOCKED)
}

/** Whether SQLite may not write to a file (8), or not create it (14). */
export function isUnwritable(error: unknown): boolean {
  return hasCode(error, [8, 14])
}

/** Wraps any error as a `StoreError` of this file. */
export function storeErrorOf(file: string, error: unknown): StoreError {
  if (error instanceof StoreError) return error
  const detail = error instanceof Error ? error.message : String(error)
  const known = storeFailure(error)
  return new StoreError(
    file,
    known === undefined || known === detail ? detail : `${known} (${detail})`,
    error,
  )
}

/** Runs statements on this file; whatever they throw becomes a `StoreError`. */
export function wrapping<Answer>(file: string, run: () => Answer): Answer {
  try {
    return run()
  } catch (error) {
    throw storeErrorOf(file, error)
  }
}
