import { statSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { StoreError } from './store-error.ts'
import { pagesInLog } from './write-ahead-log.ts'

/**
 * Throws a `StoreError` for a file that is there and has nothing in it: SQLite would take it for a new one, delete its log,
 * and all balances would begin at zero.
 */
export function refuseEmptyFile(file: string): void {
  const known = statSync(file, { throwIfNoEntry: false })
  if (known?.isFile() === true && known.size === 0)
    throw new StoreError(
      file,
      'the file is empty, so its ledger is lost: put a backup in its place, or remove the file to begin anew with every balance at zero',
    )
}

/**
 * What is missing at the end of a file, in words; undefined where nothing is. SQLite itself reads the rest of a page that
 * was cut as zeros. Pages that stand in the log may be missing: a crash while they were carried over leaves that.
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
