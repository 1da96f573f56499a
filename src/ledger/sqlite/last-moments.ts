import type { SpentAt } from '../../alerts/alert.ts'
import { HOUR } from '../../base/durations.ts'
import type { Store } from './open.ts'
import { SEQ_PER_MS } from './schema.ts'

/** Far longer than spend waits for the alert watch to look at it. Milliseconds. */
const LAST_WORDS_MS = 5_000

/**
 * When the last process may have spent money that the alert watch never saw: in the windows of its newest
 * row, of requests that ended in its last seconds, and of the requests it left open, whose cost was booked at
 * this start. Returned in this order, because the ledger knows the newest windows of all payers without
 * reading their rows.
 */
export function lastMoments({ database }: Pick<Store, 'database'>): readonly SpentAt[] {
  const newest = database.prepare('SELECT at FROM ledger ORDER BY seq DESC LIMIT 1').get()?.at
  if (typeof newest !== 'number') return []
  const from = (newest - HOUR) * SEQ_PER_MS
  const late = database.prepare(
    `SELECT team, key, max(at) AS at FROM ledger
     WHERE seq >= ? AND (outcome = 'unsettled'
       OR at + ms_total >= (SELECT max(at + ms_total) FROM ledger WHERE seq >= ?) - ${LAST_WORDS_MS})
     GROUP BY team, key, at / ${HOUR}`,
  )
  const stragglers = late
    .all(from, from)
    .map(({ team, key, at }) => ({ team: String(team), key: String(key), at: Number(at) }))
  return [{ at: newest }, ...stragglers]
}
