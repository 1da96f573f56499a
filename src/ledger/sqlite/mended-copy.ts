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
import { StoreError } from '../store-error.ts'
import { openForSalvage, openStore } from './open.ts'
import { withDraft } from './owned-draft.ts'
import { isDamage } from './sqlite-error.ts'

/** Offsets in the first page: https://sqlite.org/fileformat.html, 1.3. */
const PAGE_BYTES = 16
const PAGE_COUNT = 28
const FREE_LIST = [32, 36]

/**
 * Opens a copy of a damaged file that SQLite refuses to open as it is. A truncated file is padded with zeros
 * to its full length. An unreadable schema is replaced by that of a new store: in a file that can shrink, the
 * root pages of tables depend only on the order in which the tables were created. Throws a `StoreError` if
 * neither helps.
 */
export function mendedCopy(damaged: string, copy: string, write: Write): DatabaseSync {
  write(() => {
    copyFileSync(damaged, copy)
    if (existsSync(`${damaged}-wal`)) copyFileSync(`${damaged}-wal`, `${copy}-wal`)
    lengthen(copy)
  })
  const opened = openUnlessDamaged(copy)
  if (opened !== undefined) return opened
  const { page, roots, below } = write(() => withDraft(copy, beginningOfNew))
  if (!areRoots(roots, bytesOf(copy, page.length, page.length)))
    throw new StoreError(
      damaged,
      'its first pages cannot be read, and nothing else says where its tables start: restore a backup',
    )
  let pages = Math.ceil(statSync(copy).size / page.length)
  for (const { offset, bytes } of below) {
    write(() => writeAt(copy, pages * page.length, bytes))
    pages += 1
    page.writeUInt32BE(pages, offset)
  }
  page.writeUInt32BE(pages, PAGE_COUNT)
  for (const offset of FREE_LIST) page.writeUInt32BE(0, offset)
  write(() => writeAt(copy, 0, page))
  const mended = openUnlessDamaged(copy)
  if (mended === undefined) throw new StoreError(damaged, 'too damaged to find its tables: restore a backup')
  return mended
}

/** Runs operations on the new store, so that their errors are not attributed to the damaged one. */
export type Write = <T>(run: () => T) => T

interface Beginning {
  readonly page: Buffer
  /** The root pages of tables and indexes. */
  readonly roots: readonly number[]
  /** The rest of the schema: pages, each with the offset in the first page that holds its number. */
  readonly below: readonly { readonly offset: number; readonly bytes: Buffer }[]
}

/** The first page of a new store and its related pages. */
function beginningOfNew(file: string): Beginning {
  const store = openStore(file)
  const { bytes } = store.database.prepare('SELECT page_size AS bytes FROM pragma_page_size').get() ?? {}
  const roots = store.database
    .prepare('SELECT rootpage FROM sqlite_schema WHERE rootpage > 0')
    .all()
    .map(({ rootpage }) => Number(rootpage))
  store.close()
  const page = bytesOf(file, 0, Number(bytes))
  const below = pointersIn(page).map((offset) => ({
    offset,
    bytes: bytesOf(file, (page.readUInt32BE(offset) - 1) * page.length, page.length),
  }))
  return { page, roots, below }
}

/**
 * Offsets at which the first page refers to child pages, if the schema does not fit into it: the same
 * document, 1.6.
 */
function pointersIn(page: Buffer): readonly number[] {
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

/** Extends a file to the length stated in its header. */
function lengthen(file: string): void {
  const header = bytesOf(file, 0, 100)
  if (header.toString('latin1', 0, 16) !== 'SQLite format 3\0') return
  const length = header.readUInt16BE(PAGE_BYTES) * header.readUInt32BE(PAGE_COUNT)
  if (length > statSync(file).size) truncateSync(file, length)
}

/** The type of a table's root page in the pointer map on the second page: the same document, 1.8. */
const ROOT = 1
const ENTRY_BYTES = 5

/** Whether the pointer map, whose first entry is for the third page, marks all these pages as roots. */
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

function writeAt(file: string, offset: number, bytes: Buffer): void {
  const handle = openSync(file, 'r+')
  try {
    writeSync(handle, bytes, 0, bytes.length, offset)
  } finally {
    closeSync(handle)
  }
}
