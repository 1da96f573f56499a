/** The store cannot be opened, read or written. The message is one line that names the file and the cause. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly file: string

  constructor(file: string, problem: string, cause?: unknown) {
    super(`${file}: ${problem}`, cause === undefined ? undefined : { cause })
    this.file = file
  }
}

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

/** Describes what is wrong with the store; undefined if the statement itself was at fault. */
export function storeFailure(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number')
    return undefined
  return STORE_FAILURES.get(error.errcode & 0xff)
}

/** Codes for a page that is invalid or that the disk cannot read. */
const DAMAGE: readonly number[] = [10, 11, 26]

/** Whether the file itself is damaged: a backup or `trivium salvage` helps, waiting does not. */
export function isDamage(error: unknown): boolean {
  return (
    error instanceof Error &&
    'errcode' in error &&
    typeof error.errcode === 'number' &&
    DAMAGE.includes(error.errcode & 0xff)
  )
}

/** Another connection has been writing for longer than a statement waits. */
export function isBusy(error: unknown): boolean {
  return (
    error instanceof Error &&
    'errcode' in error &&
    typeof error.errcode === 'number' &&
    (error.errcode & 0xff) === 5
  )
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
