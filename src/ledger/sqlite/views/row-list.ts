import type { DatabaseSync } from 'node:sqlite'
import { HOUR } from '../../../base/durations.ts'
import { LedgerLine, LINE_COLUMNS } from '../../line.ts'
import { LISTED_COLUMNS, type ListedRow, listedRow, type WordsOf } from '../../listed-row.ts'
import type { RowFormat } from '../../row-text.ts'
import { headText, rowText } from '../../row-text.ts'
import { BadCursor, type ExportPart, type ListFilter, LOOK_MS, type Look } from '../../views.ts'
import { SEQ_PER_MS } from '../schema.ts'
import type { Glance } from './glance.ts'
import { listConditions } from './list-conditions.ts'

/** Rows per part of an export: rendering them takes some milliseconds. */
const EXPORT_ROWS = 500
const LAST = Number.MAX_SAFE_INTEGER

/** Lists of rows, read until they are full or time runs out. */
export class RowList {
  readonly #database: DatabaseSync
  readonly #glance: Glance
  readonly #wordsOf: WordsOf

  constructor(database: DatabaseSync, glance: Glance, wordsOf: WordsOf) {
    this.#database = database
    this.#glance = glance
    this.#wordsOf = wordsOf
    database.function('says', { directOnly: true }, (prompt, text) =>
      wordsOf(String(prompt))?.toLowerCase().includes(String(text)) === true ? 1 : 0,
    )
  }

  /** Newest first. The cursor is the position of the first row not yet examined. */
  list(filter: ListFilter, limit: number, cursor: string | undefined): Look<ListedRow> {
    const { where, values } = listConditions(filter)
    const from = cursor === undefined ? lastOf(filter.until) : positionIn(cursor)
    const since = this.#since(filter)
    const statement = this.#database.prepare(
      `SELECT seq, ${LISTED_COLUMNS} FROM ledger WHERE seq <= :from AND seq >= :end AND ${where} ORDER BY seq DESC LIMIT :limit`,
    )
    const found = statement.iterate({ ...values, from, end: since * SEQ_PER_MS, limit })
    const rows: ListedRow[] = []
    let last = from
    for (const { seq, ...columns } of this.#glance.within(LOOK_MS, found)) {
      last = Number(seq)
      rows.push(listedRow(columns, this.#wordsOf))
    }
    const { stoppedAt } = this.#glance
    if (stoppedAt === undefined && rows.length < limit) {
      return { rows, next: undefined, backTo: since, complete: true }
    }
    const next = stoppedAt ?? last - 1
    return {
      rows,
      next: String(next),
      backTo: Math.max(since, Math.floor(next / SEQ_PER_MS) + 1),
      complete: stoppedAt === undefined,
    }
  }

  /** Oldest first. */
  export(filter: ListFilter, format: RowFormat, cursor: string | undefined): ExportPart {
    const { where, values } = listConditions(filter)
    const from = cursor === undefined ? this.#since(filter) * SEQ_PER_MS : positionIn(cursor)
    const statement = this.#database.prepare(
      `SELECT seq, ${LINE_COLUMNS} FROM ledger WHERE seq >= :from AND seq <= :end AND ${where} ORDER BY seq LIMIT ${EXPORT_ROWS}`,
    )
    const found = statement.iterate({ ...values, from, end: lastOf(filter.until) })
    let text = cursor === undefined ? headText(format) : ''
    let [rows, last] = [0, from]
    for (const { seq, ...columns } of this.#glance.within(LOOK_MS, found)) {
      rows += 1
      last = Number(seq)
      text += rowText(LedgerLine.parse(columns), format)
    }
    const next = this.#glance.stoppedAt ?? (rows < EXPORT_ROWS ? undefined : last + 1)
    return { text, next: next === undefined ? undefined : String(next) }
  }

  #since({ since }: ListFilter): number {
    const kept = Number(this.#database.prepare('SELECT since FROM kept').get()?.since)
    return Math.max(kept, since ?? 0, 0)
  }
}

/**
 * A row's position matches its time, or is higher if the clock was set back. If it was set back further than
 * this, such a list misses the row.
 */
const SET_BACK_MS = HOUR

function lastOf(until: number | undefined): number {
  return until === undefined ? LAST : Math.min(LAST, Math.max(0, until + SET_BACK_MS) * SEQ_PER_MS)
}

function positionIn(cursor: string): number {
  const seq = /^\d{1,16}$/.test(cursor) ? Number(cursor) : Number.NaN
  if (Number.isSafeInteger(seq)) return seq
  throw new BadCursor()
}
