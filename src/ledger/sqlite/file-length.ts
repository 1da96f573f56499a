import { statSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { StoreError } from '../store-error.ts'
import { pagesInLog } from './write-ahead-log.ts'

/**
 * Throws a `StoreError` for a file that exists but is empty: SQLite would treat it as new and delete its log,
 * and all balances would start at zero.
 */
export function refuseEmptyFile(file: string): void {
  const known = statSync(file, { throwIfNoEntry: false })
  if (known?.isFile() === true && known.size === 0)
    throw new StoreError(
      file,
      'the file is empty, so its ledger is lost: restore a backup, or remove the file to start over with every balance at zero',
    )
}

/**
 * Describes what is missing at the end of a file; undefined if nothing is. SQLite itself reads the rest of a
 * truncated page as zeros. Pages still in the log may be missing: a crash during a checkpoint leaves that
 * state.
 */
export function missingAtEnd(database: DatabaseSync, file: string): string | undefined {
  const { size, pages } =
    database
      .prepare('SELECT page_size AS size, page_count AS pages FROM pragma_page_size, pragma_page_count')
      .get() ?? {}
  const pageBytes = Number(size)
  const bytes = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  const whole = Math.floor(bytes / pageBytes)
  const last = Math.max(Number(pages), Math.ceil(bytes / pageBytes))
  if (whole === last) return undefined
  const logged = pagesInLog(`${file}-wal`)
  for (let page = whole + 1; page <= last; page += 1)
    if (!logged.has(page)) return `page ${page} of ${last} is cut off`
  return undefined
}
