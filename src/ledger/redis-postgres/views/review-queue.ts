import type pg from 'pg'
import { wordsIn } from '../../../capture/kept-prompt.ts'
import { DECIDED, UNLABELLED, WORTH } from '../../decision-line.ts'
import { LISTED_COLUMNS, listedRow } from '../../listed-row.ts'
import { BadCursor, type Look, type ReviewFilter, type WorthyRow } from '../../views.ts'

/** Every team that has spent anything: a loose index scan, one step per team however many days there are. */
const TEAMS = `WITH RECURSIVE known (team) AS (
    (SELECT team FROM tally_day ORDER BY team LIMIT 1) UNION ALL
    SELECT (SELECT team FROM tally_day WHERE team > known.team ORDER BY team LIMIT 1) FROM known WHERE team IS NOT NULL)
  SELECT team FROM known WHERE team IS NOT NULL`

/** What to label next: the top rows of each team, found by an index, merged by worth. */
export async function reviewRows(
  pool: pg.Pool,
  { team, since }: ReviewFilter,
  limit: number,
  cursor: string | undefined,
): Promise<Look<WorthyRow>> {
  const position = cursor === undefined ? FIRST : positionIn(cursor)
  const { rows } = await pool.query(
    `SELECT worth, ${LISTED_COLUMNS.map((column) => `ledger.${column}`)} FROM (
       SELECT best.* FROM (${team === undefined ? TEAMS : 'SELECT $6::text AS team'}) AS teams CROSS JOIN LATERAL (
         SELECT at, id, ${WORTH} AS worth FROM ledger
         WHERE ledger.team = teams.team AND ${UNLABELLED} AND ${DECIDED} AND at >= $1
           AND ${WORTH} <= $2 AND (${WORTH}, at, id) < ($2, $3, $4)
         ORDER BY ${WORTH} DESC, at DESC, id DESC LIMIT $5) AS best
       ORDER BY worth DESC, at DESC, id DESC LIMIT $5) AS worthiest
     JOIN ledger ON ledger.at = worthiest.at AND ledger.id = worthiest.id
     ORDER BY worth DESC, ledger.at DESC, ledger.id DESC`,
    [
      Math.max(0, since),
      position.worth,
      position.at,
      position.id,
      limit,
      ...(team === undefined ? [] : [team]),
    ],
  )
  const shown = rows.map(({ worth, ...row }) => ({ ...listedRow(row, wordsIn), worth: Number(worth) }))
  const last = shown.at(-1)
  const next = last === undefined || shown.length < limit ? undefined : `${last.worth}:${last.at}:${last.id}`
  return { rows: shown, next, backTo: since, complete: true }
}

const FIRST = { worth: Number.MAX_VALUE, at: Number.MAX_SAFE_INTEGER, id: '' }

function positionIn(cursor: string): typeof FIRST {
  const [, worth, at, id] = /^(\d+(?:\.\d+)?(?:e[+-]?\d+)?):(\d{1,15}):([\w.:-]{1,100})$/.exec(cursor) ?? []
  if (worth === undefined || at === undefined || id === undefined) throw new BadCursor()
  return { worth: Number(worth), at: Number(at), id }
}
