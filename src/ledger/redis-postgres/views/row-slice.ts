import type pg from 'pg'
import { BadCursor, type ListFilter } from '../../views.ts'
import { listConditions } from './list-conditions.ts'

/** A position in the order of rows: by time, then by id. */
export interface Position {
  readonly at: number
  readonly id: string
}

/** Rows as the store has them. */
export type Columns = Readonly<Record<string, unknown>>

/** Which rows are wanted, and how many of them one statement examines. */
interface Slice {
  readonly filter: ListFilter
  readonly since: number
  /** The last row examined. */
  readonly position: Position
  /** Limits on rows examined and rows found. */
  readonly size: number
  readonly most: number
  readonly columns: readonly string[]
  readonly order: 'ASC' | 'DESC'
}

/** The result of a slice; with a text filter, it includes rows that only might match. */
interface Sliced {
  readonly found: readonly Columns[]
  /** The last row examined; undefined if there are no more. */
  readonly end: Position | undefined
}

/** Selects positions first and whole rows only for matches, because most of a slice is merely examined. */
export async function readSlice(pool: pg.Pool, wanted: Slice): Promise<Sliced> {
  const { filter, since, position, size, most, columns, order } = wanted
  const { indexed, asked, values } = listConditions(filter, 4)
  const limit = asked === 'true' ? Math.min(size, most) : size
  const [side, back] = order === 'ASC' ? ['>', 'DESC'] : ['<', 'ASC']
  const { rows } = await pool.query<Columns>(
    `WITH slice AS MATERIALIZED (
       SELECT at, id, ${asked} AS is_meant FROM ledger
       WHERE at >= $1 AND (at, id) ${side} ($2, $3) AND ${indexed} ORDER BY at ${order}, id ${order} LIMIT ${limit})
     SELECT slice_rows, end_at, end_id, found.*
     FROM (SELECT count(*) AS slice_rows FROM slice) AS counted
     LEFT JOIN (SELECT at AS end_at, id AS end_id FROM slice ORDER BY at ${back}, id ${back} LIMIT 1) AS ending ON true
     LEFT JOIN (SELECT ${columns.map((name) => `ledger.${name}`)}
       FROM (SELECT at, id FROM slice WHERE is_meant ORDER BY at ${order}, id ${order} LIMIT ${most}) AS meant
       JOIN ledger ON ledger.at = meant.at AND ledger.id = meant.id) AS found ON true
     ORDER BY at ${order}, id ${order}`,
    [since, position.at, position.id, ...values],
  )
  const [first] = rows
  const found = rows.filter(({ id }) => id !== null)
  const last = found.at(-1)
  // The limit was reached: rows after the last one may have been examined but were not returned.
  if (last !== undefined && found.length >= most) return { found, end: positionOf(last) }
  const isLast = first === undefined || Number(first.slice_rows) < limit
  return { found, end: isLast ? undefined : positionOf({ at: first.end_at, id: first.end_id }) }
}

export function positionOf({ at, id }: Columns): Position {
  return { at: Number(at), id: String(id) }
}

/** Converts a position to a cursor and back. Throws `BadCursor` for an invalid one. */
export function textOf({ at, id }: Position): string {
  return `${at}:${id}`
}

export function positionIn(cursor: string): Position {
  const [, at, id] = /^(\d{1,15}):([\w.:-]{1,100})$/.exec(cursor) ?? []
  if (at === undefined || id === undefined) throw new BadCursor()
  return { at: Number(at), id }
}
