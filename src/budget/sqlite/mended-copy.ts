import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { openForSalvage, openStore } from './open.ts'
import { isDamage, StoreError } from './store-error.ts'

/** Where the first page says what: https://sqlite.org/fileformat.html, 1.3. */
const PAGE_BYTES = 16
const PAGE_COUNT = 28
const FREE_LIST = [32, 36]

/**
 * Opens a copy of a damaged file that SQLite does not open as it is. A file that was cut gets its length back, in zeros. A
 * schema that cannot be read is replaced by that of a new store: in a file that can shrink, tables begin at places
 * that depend on nothing but the order they were made in. Throws a `StoreError` where neither helps.
 */
export function mendedCopy(damaged: string, copy: string, write: Write): DatabaseSync {
  write(() => {
    copyFileSync(damaged, copy)
    if (existsSync(`${damaged}-wal`)) copyFileSync(`${damaged}-wal`, `${copy}-wal`)
    lengthen(copy)
  })
  const opened = openUnlessDamaged(copy)
  if (opened !== undefined) return opened
  const { page, roots, below } = write(() => beginningOfNew(`${copy}.new`))
  if (!areRoots(roots, bytesOf(copy, page.length, page.length)))
    throw new StoreError(
      damaged,
      'its first pages cannot be read, and nothing else says where its tables begin: only a backup has them',
    )
  let pages = Math.ceil(statSync(copy).size / page.length)
  for (const { place, bytes } of below) {
    write(() => writeAt(copy, pages * page.length, bytes))
    pages += 1
    page.writeUInt32BE(pages, place)
  }
  page.writeUInt32BE(pages, PAGE_COUNT)
  for (const place of FREE_LIST) page.writeUInt32BE(0, place)
  write(() => writeAt(copy, 0, page))
  const mended = openUnlessDamaged(copy)
  if (mended === undefined)
    throw new StoreError(damaged, 'too damaged for its tables to be found: only a backup has them')
  return mended
}

/** Runs what concerns the new store, whose errors are not the damaged one's. */
export type Write = <T>(run: () => T) => T

interface Beginning {
  readonly page: Buffer
  /** The pages that tables and indexes begin at. */
  readonly roots: readonly number[]
  /** The rest of the schema: pages, each with the place in the first one that has its number. */
  readonly below: readonly { readonly place: number; readonly bytes: Buffer }[]
}

/** The first page of a new store, and what belongs to it. */
function beginningOfNew(file: string): Beginning {
  const store = openStore(file)
  const { bytes } = store.database.prepare('SELECT page_size AS bytes FROM pragma_page_size').get() ?? {}
  const roots = store.database
    .prepare('SELECT rootpage FROM sqlite_schema WHERE rootpage > 0')
    .all()
    .map(({ rootpage }) => Number(rootpage))
  store.close()
  const page = bytesOf(file, 0, Number(bytes))
  const below = placesBelow(page).map((place) => ({
    place,
    bytes: bytesOf(file, (page.readUInt32BE(place) - 1) * page.length, page.length),
  }))
  return { page, roots, below }
}

/** Where a first page names the pages below it, if the schema does not fit into itself: the same document, 1.6. */
function placesBelow(page: Buffer): readonly number[] {
  const [kind, cellCount, last, cells] = [100, 103, 108, 112]
  const isInner = page[kind] === 5
  if (!isInner) return []
  const count = page.readUInt16BE(cellCount)
  return [last, ...Array.from({ length: count }, (_, cell) => page.readUInt16BE(cells + 2 * cell))]
}

function openUnlessDamaged(copy: string): DatabaseSync | undefined {
  try {
    return openForSalvage(copy)
  } catch (error) {
    if (error instanceof StoreError && isDamage(error.cause)) return undefined
    throw error
  }
}

/** Gives a file the length that its header says. */
function lengthen(file: string): void {
  const header = bytesOf(file, 0, 100)
  if (header.toString('latin1', 0, 16) !== 'SQLite format 3\0') return
  const length = header.readUInt16BE(PAGE_BYTES) * header.readUInt32BE(PAGE_COUNT)
  if (length > statSync(file).size) truncateSync(file, length)
}

/** The kind of page that a table begins with, in the second page's list of what pages are: the same document, 1.8. */
const ROOT = 1
const ENTRY_BYTES = 5

/** Whether the second page's list, which begins with the third page, says so. */
function areRoots(pages: readonly number[], list: Buffer): boolean {
  return pages.every((page) => page === 1 || list[(page - 3) * ENTRY_BYTES] === ROOT)
}

function bytesOf(file: string, from: number, length: number): Buffer {
  const handle = openSync(file, 'r')
  try {
    const bytes = Buffer.alloc(length)
    readSync(handle, bytes, 0, length, from)
    return bytes
  } finally {
    closeSync(handle)
  }
}

function writeAt(file: string, place: number, bytes: Buffer): void {
  const handle = openSync(file, 'r+')
  try {
    writeSync(handle, bytes, 0, bytes.length, place)
  } finally {
    closeSync(handle)
  }
}
