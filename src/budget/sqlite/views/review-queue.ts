import type { DatabaseSync } from 'node:sqlite'
import { UNLABELLED } from '../../decision-line.ts'
import { LISTED_COLUMNS, listedRow, type WordsOf } from '../../listed-row.ts'
import { BadCursor, LOOK_MS, type Look, type ReviewFilter, type WorthyRow } from '../../views.ts'
import { SEQ_PER_MS } from '../schema.ts'
import type { Counting } from './counting.ts'

const CATCH_UP_MS = 60

/** What to label next, of the rows that were picked while counting. */
export class ReviewQueue {
  readonly #database: DatabaseSync
  readonly #counting: Counting
  readonly #wordsOf: WordsOf

  constructor(database: DatabaseSync, counting: Counting, wordsOf: WordsOf) {
    this.#database = database
    this.#counting = counting
    this.#wordsOf = wordsOf
  }

  /** The cursor is worth and place of the last row shown: what was labelled since shifts nothing. */
  review({ team, since }: ReviewFilter, limit: number, cursor: string | undefined): Look<WorthyRow> {
    this.#counting.count(performance.now() + CATCH_UP_MS)
    const ofTeam = team === undefined ? '' : 'AND pick.team = :team'
    const columns = LISTED_COLUMNS.map((column) => `ledger.${column}`)
    const { worth, seq } = cursor === undefined ? { worth: Number.MAX_VALUE, seq: 0 } : positionIn(cursor)
    const found = this.#database
      .prepare(
        `SELECT pick.seq AS seq, worth, ${columns} FROM pick CROSS JOIN ledger ON ledger.seq = pick.seq
         WHERE (worth < :worth OR (worth = :worth AND pick.seq < :seq)) AND worth <= :worth
           AND pick.seq >= :least AND at >= :since ${ofTeam} AND ${UNLABELLED}
         ORDER BY worth DESC, pick.seq DESC LIMIT :limit`,
      )
      .iterate({
        worth,
        seq,
        least: Math.max(0, since) * SEQ_PER_MS,
        since,
        limit,
        ...(team !== undefined && { team }),
      })
    const rows: WorthyRow[] = []
    let last: string | undefined
    const deadline = performance.now() + LOOK_MS
    for (const { seq: place, worth: value, ...row } of found) {
      rows.push({ ...listedRow(row, this.#wordsOf), worth: Number(value) })
      last = `${value}:${place}`
      if (performance.now() >= deadline) break
    }
    const countedFrom = this.#counting.countedFrom()
    const isWhole = countedFrom <= since
    return { rows, next: rows.length < limit ? undefined : last, backTo: countedFrom, complete: isWhole }
  }
}

function positionIn(cursor: string): { readonly worth: number; readonly seq: number } {
  const [, worth, seq] = /^(\d+(?:\.\d+)?(?:e[+-]?\d+)?):(\d{1,16})$/.exec(cursor) ?? []
  if (worth === undefined || seq === undefined) throw new BadCursor()
  return { worth: Number(worth), seq: Number(seq) }
}
