import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import { SPAN } from '../../counted.ts'
import { DECIDED, UNLABELLED, WORTH } from '../../decision-line.ts'
import { LISTED_COLUMNS, listedRow, type WordsOf } from '../../listed-row.ts'
import { BadCursor, LOOK_MS, type Look, type ReviewFilter, type WorthyRow } from '../../views.ts'
import { SEQ_PER_MS } from '../schema.ts'
import type { Counting } from './counting.ts'
import { type Glance, glanced } from './glance.ts'

const CATCH_UP_MS = 60
const LAST = Number.MAX_SAFE_INTEGER

/**
 * Where a look continues: among the picked rows, after a worth and a position, or among the others, before a
 * position.
 */
type Position =
  | { readonly among: 'picks'; readonly worth: number; readonly seq: number }
  | { readonly among: 'others'; readonly seq: number }

const IS_PICKED = `EXISTS (SELECT 1 FROM pick
  WHERE pick.span = at / ${SPAN} AND pick.team = ledger.team AND pick.worth = ${WORTH} AND pick.seq = ledger.seq)`

/** What to label next: the rows picked during counting, by worth, then the others, newest first. */
export class ReviewQueue {
  readonly #database: DatabaseSync
  readonly #glance: Glance
  readonly #counting: Counting
  readonly #wordsOf: WordsOf

  constructor(database: DatabaseSync, glance: Glance, counting: Counting, wordsOf: WordsOf) {
    this.#database = database
    this.#glance = glance
    this.#counting = counting
    this.#wordsOf = wordsOf
  }

  /**
   * Labelling rows does not shift a cursor. The other rows follow only once everything is counted, because
   * more may still be picked.
   */
  review(filter: ReviewFilter, limit: number, cursor: string | undefined): Look<WorthyRow> {
    const deadline = performance.now() + LOOK_MS
    let position = cursor === undefined ? FIRST : positionIn(cursor)
    this.#counting.count(performance.now() + CATCH_UP_MS)
    const backTo = this.#counting.countedFrom()
    const complete = backTo <= filter.since
    const rows: WorthyRow[] = []
    if (position.among === 'picks') {
      const picked = this.#picked(filter, position, limit, deadline)
      rows.push(...picked.rows)
      if (picked.next !== undefined) return { rows, next: textOf(picked.next), backTo, complete }
      if (!complete) return { rows, next: undefined, backTo, complete }
      position = { among: 'others', seq: LAST }
    }
    const others = this.#others(filter, position.seq, limit - rows.length, deadline)
    rows.push(...others.rows)
    return { rows, next: others.next && textOf(others.next), backTo, complete }
  }

  #picked(
    filter: ReviewFilter,
    { worth, seq }: Position & { among: 'picks' },
    limit: number,
    deadline: number,
  ) {
    const columns = LISTED_COLUMNS.map((column) => `ledger.${column}`)
    const { ofTeam, values } = meant(filter)
    const found = this.#database
      .prepare(
        `SELECT pick.seq AS seq, worth, ${columns} FROM pick CROSS JOIN ledger ON ledger.seq = pick.seq
         WHERE (worth < :worth OR (worth = :worth AND pick.seq < :seq)) AND worth <= :worth
           AND pick.seq >= :least AND at >= :since ${ofTeam} AND ${UNLABELLED}
         ORDER BY worth DESC, pick.seq DESC LIMIT :limit`,
      )
      .iterate({ ...values, worth, seq, limit })
    const rows: WorthyRow[] = []
    for (const { seq: at, worth: value, ...row } of found) {
      rows.push({ ...listedRow(row, this.#wordsOf), worth: Number(value) })
      if (rows.length === limit || performance.now() >= deadline)
        return { rows, next: { among: 'picks', worth: Number(value), seq: Number(at) } as const }
    }
    return { rows, next: undefined }
  }

  #others(filter: ReviewFilter, before: number, limit: number, deadline: number) {
    const { ofTeam, values } = meant(filter)
    const found = this.#database
      .prepare(
        `SELECT seq, ${WORTH} AS worth, ${LISTED_COLUMNS} FROM ledger WHERE seq < :before AND seq >= :least ${ofTeam}
           AND ${glanced(`at >= :since AND ${UNLABELLED} AND ${DECIDED} AND NOT ${IS_PICKED}`)}
         ORDER BY seq DESC LIMIT :limit`,
      )
      .iterate({ ...values, before, limit })
    const rows: WorthyRow[] = []
    let last = before
    const left = Math.max(0, deadline - performance.now())
    for (const { seq, worth, ...row } of this.#glance.within(left, found)) {
      rows.push({ ...listedRow(row, this.#wordsOf), worth: Number(worth) })
      last = Number(seq)
    }
    const { stoppedAt } = this.#glance
    if (stoppedAt === undefined && rows.length < limit) return { rows, next: undefined }
    return { rows, next: { among: 'others', seq: stoppedAt === undefined ? last : stoppedAt + 1 } as const }
  }
}

function meant({ team, since }: ReviewFilter) {
  const values: Record<string, SQLInputValue> = { least: Math.max(0, since) * SEQ_PER_MS, since }
  if (team !== undefined) values.team = team
  return { ofTeam: team === undefined ? '' : 'AND ledger.team = :team', values }
}

const FIRST: Position = { among: 'picks', worth: Number.MAX_VALUE, seq: 0 }

function textOf(position: Position): string {
  return `${position.among === 'others' ? 'others' : position.worth}:${position.seq}`
}

function positionIn(cursor: string): Position {
  const [, worth, seq] = /^(others|\d+(?:\.\d+)?(?:e[+-]?\d+)?):(\d{1,16})$/.exec(cursor) ?? []
  if (worth === undefined || seq === undefined) throw new BadCursor()
  if (worth === 'others') return { among: 'others', seq: Number(seq) }
  return { among: 'picks', worth: Number(worth), seq: Number(seq) }
}
