import type { DatabaseSync } from 'node:sqlite'
import type { KeyUse } from '../../views.ts'
import { SEQ_PER_MS } from '../schema.ts'
import { UNTALLIED } from '../tally.ts'

/**
 * Days are looked up one by one, because a team's lines are not adjacent in the index. Untallied rows are
 * read.
 */
const LAST_PLACES = `
  WITH RECURSIVE days (day) AS (
    SELECT min(day) FROM tally_day UNION ALL
    SELECT day + 1 FROM days WHERE day < (SELECT max(day) FROM tally_day))
  SELECT key, max(seq) AS seq FROM (
    SELECT key, last_seq AS seq FROM days CROSS JOIN tally_day ON tally_day.day = days.day AND team = :team
    UNION ALL SELECT key, seq FROM ledger WHERE ${UNTALLIED} AND team = :team)
  GROUP BY key ORDER BY key`

/** When each of a team's keys was last used. */
export function keyUses(database: DatabaseSync, team: string): readonly KeyUse[] {
  const found = database.prepare(LAST_PLACES).all({ team })
  return found.map(({ key, seq }) => ({ key: String(key), at: Math.floor(Number(seq) / SEQ_PER_MS) }))
}
