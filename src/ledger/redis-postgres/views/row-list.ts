import type pg from 'pg'
import { LedgerLine, LINE_COLUMNS } from '../../line.ts'
import { LISTED_COLUMNS, type ListedRow, listedRow, type WordsOf } from '../../listed-row.ts'
import { headText, type RowFormat, rowText } from '../../row-text.ts'
import { type ExportPart, type ListFilter, LOOK_MS, type Look } from '../../views.ts'
import { type Columns, type Position, positionIn, positionOf, readSlice, textOf } from './row-slice.ts'

/** Rows that the first statement examines; enough to fill most lists. */
const FIRST_SLICE = 400
const LEAST_SLICE = 100
const LARGEST_SLICE = 25_600
/** Target duration of one statement, in milliseconds: the deadline is checked between statements. */
const SLICE_MS = 25
const EXPORT_ROWS = 500

const END: Position = { at: Number.MAX_SAFE_INTEGER, id: '' }

/** Lists of rows, read slice by slice until they are full or time runs out. */
export class RowList {
  readonly #pool: pg.Pool
  readonly #wordsOf: WordsOf
  readonly #keptSince: () => Promise<number>

  constructor(pool: pg.Pool, wordsOf: WordsOf, keptSince: () => Promise<number>) {
    this.#pool = pool
    this.#wordsOf = wordsOf
    this.#keptSince = keptSince
  }

  /** Newest first. The cursor is the position of the last row examined. */
  async list(filter: ListFilter, limit: number, cursor: string | undefined): Promise<Look<ListedRow>> {
    const deadline = performance.now() + LOOK_MS
    const since = await this.#since(filter)
    const rows: ListedRow[] = []
    let position = cursor === undefined ? END : positionIn(cursor)
    let size = FIRST_SLICE
    for (;;) {
      const began = performance.now()
      // Rows that may contain the text often do not.
      const most = filter.text === undefined ? limit - rows.length : Math.max(limit, LEAST_SLICE)
      const slice = { filter, since, position, size, most, columns: LISTED_COLUMNS, order: 'DESC' } as const
      const { found, end } = await readSlice(this.#pool, slice)
      for (const columns of found) {
        if (!this.#says(columns, filter.text)) continue
        rows.push(listedRow(columns, this.#wordsOf))
        if (rows.length === limit) return { rows, ...edges(positionOf(columns), since), complete: true }
      }
      if (end === undefined) return { rows, next: undefined, backTo: since, complete: true }
      position = end
      if (performance.now() >= deadline) return { rows, ...edges(position, since), complete: false }
      size = nextSize(size, performance.now() - began)
    }
  }

  /** Oldest first. */
  async export(filter: ListFilter, format: RowFormat, cursor: string | undefined): Promise<ExportPart> {
    const deadline = performance.now() + LOOK_MS
    const since = await this.#since(filter)
    let position = cursor === undefined ? { at: since, id: '' } : positionIn(cursor)
    let text = cursor === undefined ? headText(format) : ''
    let size = EXPORT_ROWS
    for (let rows = 0; rows < EXPORT_ROWS && performance.now() < deadline; ) {
      const began = performance.now()
      const wanted = { filter, since, position, size, most: EXPORT_ROWS, columns: LINE_COLUMNS } as const
      const { found, end } = await readSlice(this.#pool, { ...wanted, order: 'ASC' })
      for (const columns of found) {
        if (!this.#says(columns, filter.text)) continue
        rows += 1
        text += rowText(LedgerLine.parse(columns), format)
      }
      if (end === undefined) return { text, next: undefined }
      position = end
      size = nextSize(size, performance.now() - began)
    }
    return { text, next: textOf(position) }
  }

  #says({ prompt }: Columns, text: string | undefined): boolean {
    if (text === undefined) return true
    return this.#wordsOf(String(prompt))?.toLowerCase().includes(text.toLowerCase()) === true
  }

  async #since({ since }: ListFilter): Promise<number> {
    return Math.max(await this.#keptSince(), since ?? 0, 0)
  }
}

function edges(position: Position, since: number) {
  return { next: textOf(position), backTo: Math.max(since, position.at) }
}

/** Sizes the next statement to take as long as it should, judging by the last one. */
function nextSize(size: number, ms: number): number {
  const fitting = Math.floor((size * SLICE_MS) / Math.max(1, ms))
  return Math.max(LEAST_SLICE, Math.min(LARGEST_SLICE, size * 4, fitting))
}
