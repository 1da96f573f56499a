import type pg from 'pg'
import { LedgerLine, LINE_COLUMNS } from '../../line.ts'
import { LISTED_COLUMNS, type ListedRow, listedRow, type WordsOf } from '../../listed-row.ts'
import { headText, type RowFormat, rowText } from '../../row-text.ts'
import { BadCursor, type ExportPart, type ListFilter, LOOK_MS, type Look } from '../../views.ts'
import { listConditions } from './list-conditions.ts'

/** Rows that one statement looks at: few at first, since most lists are full soon. */
const FIRST_SLICE = 400
const LAST_SLICE = 6_400
/** With a text, whole prompts are read. */
const TEXT_SLICE = 400
const EXPORT_ROWS = 500

/** A place in the order of rows: by time, then by id. */
interface Place {
  readonly at: number
  readonly id: string
}

const END: Place = { at: Number.MAX_SAFE_INTEGER, id: '' }

/** Rows as the store has them. */
type Columns = Readonly<Record<string, unknown>>

/** Lists of rows, read slice by slice until they are full or the time is up. */
export class RowList {
  readonly #pool: pg.Pool
  readonly #wordsOf: WordsOf
  readonly #keptSince: () => Promise<number>

  constructor(pool: pg.Pool, wordsOf: WordsOf, keptSince: () => Promise<number>) {
    this.#pool = pool
    this.#wordsOf = wordsOf
    this.#keptSince = keptSince
  }

  /** Newest first. The cursor is the place of the last row that was looked at. */
  async list(filter: ListFilter, limit: number, cursor: string | undefined): Promise<Look<ListedRow>> {
    const deadline = performance.now() + LOOK_MS
    const since = await this.#since(filter)
    const rows: ListedRow[] = []
    let place = cursor === undefined ? END : placeIn(cursor)
    let size = filter.text === undefined ? FIRST_SLICE : TEXT_SLICE
    for (;;) {
      const slice = await this.#slice({ filter, since, place, size, columns: LISTED_COLUMNS, order: 'DESC' })
      for (const columns of slice.found) {
        rows.push(listedRow(columns, this.#wordsOf))
        if (rows.length < limit) continue
        const last = rows.at(-1) ?? END
        return { rows, next: textOf(last), backTo: Math.max(since, last.at), complete: true }
      }
      if (slice.end === undefined) return { rows, next: undefined, backTo: since, complete: true }
      place = slice.end
      if (performance.now() >= deadline)
        return { rows, next: textOf(place), backTo: Math.max(since, place.at), complete: false }
      if (filter.text === undefined) size = Math.min(LAST_SLICE, size * 4)
    }
  }

  /** Oldest first. */
  async export(filter: ListFilter, format: RowFormat, cursor: string | undefined): Promise<ExportPart> {
    const deadline = performance.now() + LOOK_MS
    const since = await this.#since(filter)
    let place = cursor === undefined ? { at: since, id: '' } : placeIn(cursor)
    let text = cursor === undefined ? headText(format) : ''
    for (let rows = 0; rows < EXPORT_ROWS && performance.now() < deadline; ) {
      const size = EXPORT_ROWS
      const slice = await this.#slice({ filter, since, place, size, columns: LINE_COLUMNS, order: 'ASC' })
      for (const columns of slice.found) text += rowText(LedgerLine.parse(columns), format)
      if (slice.end === undefined) return { text, next: undefined }
      rows += slice.found.length
      place = slice.end
    }
    return { text, next: textOf(place) }
  }

  /** The rows of a filter among the next so many; `end` is the last of these, undefined where there are no more. */
  async #slice(wanted: {
    readonly filter: ListFilter
    readonly since: number
    readonly place: Place
    readonly size: number
    readonly columns: readonly string[]
    readonly order: 'ASC' | 'DESC'
  }): Promise<{ readonly found: readonly Columns[]; readonly end: Place | undefined }> {
    const { filter, since, place, size, columns, order } = wanted
    const { indexed, asked, values } = listConditions(filter, 4)
    const { rows } = await this.#pool.query<Columns>(
      `WITH slice AS MATERIALIZED (
         SELECT ${columns} FROM ledger
         WHERE at >= $1 AND (at, id) ${order === 'ASC' ? '>' : '<'} ($2, $3) AND ${indexed}
         ORDER BY at ${order}, id ${order} LIMIT ${size})
       SELECT slice_rows, end_at, end_id, found.*
       FROM (SELECT count(*) AS slice_rows FROM slice) AS counted
       LEFT JOIN (SELECT at AS end_at, id AS end_id FROM slice ORDER BY at ${opposite(order)}, id ${opposite(order)} LIMIT 1) AS ending ON true
       LEFT JOIN (SELECT * FROM slice WHERE ${asked}) AS found ON true
       ORDER BY at ${order}, id ${order}`,
      [since, place.at, place.id, ...values],
    )
    const found = rows.filter((row) => row.id !== null && this.#says(row, filter.text))
    const [first] = rows
    const isLast = first === undefined || Number(first.slice_rows) < size
    return { found, end: isLast ? undefined : { at: Number(first.end_at), id: String(first.end_id) } }
  }

  #says({ prompt }: Columns, text: string | undefined): boolean {
    if (text === undefined) return true
    return this.#wordsOf(String(prompt))?.toLowerCase().includes(text.toLowerCase()) === true
  }

  async #since({ since }: ListFilter): Promise<number> {
    return Math.max(await this.#keptSince(), since ?? 0, 0)
  }
}

function opposite(order: 'ASC' | 'DESC'): 'ASC' | 'DESC' {
  return order === 'ASC' ? 'DESC' : 'ASC'
}

function textOf({ at, id }: Place): string {
  return `${at}:${id}`
}

function placeIn(cursor: string): Place {
  const [, at, id] = /^(\d{1,15}):([\w.:-]{1,100})$/.exec(cursor) ?? []
  if (at === undefined || id === undefined) throw new BadCursor()
  return { at: Number(at), id }
}
