import { closeSync, openSync, readSync, statSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { StoreError } from './store-error.ts'

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
  const logged = pagesInLog(`${file}-wal`, pageBytes)
  for (let page = whole + 1; page <= last; page += 1)
    if (!logged.has(page)) return `page ${page} of ${last} is cut off`
  return undefined
}

const LOG_HEADER = 32
const FRAME_HEADER = 24

/** The pages of a write-ahead log's newest round: https://sqlite.org/fileformat.html, 4. */
function pagesInLog(log: string, pageBytes: number): ReadonlySet<number> {
  const pages = new Set<number>()
  const bytes = statSync(log, { throwIfNoEntry: false })?.size ?? 0
  if (bytes < LOG_HEADER) return pages
  const handle = openSync(log, 'r')
  try {
    const header = Buffer.alloc(LOG_HEADER)
    readSync(handle, header, 0, LOG_HEADER, 0)
    const salts = header.subarray(16, 24)
    const frame = Buffer.alloc(FRAME_HEADER)
    for (let at = LOG_HEADER; at < bytes; at += FRAME_HEADER + pageBytes) {
      readSync(handle, frame, 0, FRAME_HEADER, at)
      if (!frame.subarray(8, 16).equals(salts)) break
      pages.add(frame.readUInt32BE(0))
    }
    return pages
  } finally {
    closeSync(handle)
  }
}
