import type { Store } from './open.ts'
import { SEQ_PER_MS } from './schema.ts'

/** A time at which somebody has spent; without team and key, anybody may have. */
export interface Moment {
  readonly at: number
  readonly team?: string
  readonly key?: string
}

const HOUR = 3_600_000

/**
 * When the last process may have spent without telling anybody: in the windows of its newest row, and in those of
 * requests it left open, whose cost was booked at this start. In this order: the ledger knows the newest windows of all
 * payers without reading their rows.
 */
export function lastMoments({ database }: Pick<Store, 'database'>): readonly Moment[] {
  const newest = database.prepare('SELECT at FROM ledger ORDER BY seq DESC LIMIT 1').get()?.at
  if (typeof newest !== 'number') return []
  const left = database.prepare(
    `SELECT team, key, max(at) AS at FROM ledger WHERE seq >= ? AND outcome = 'unsettled'
     GROUP BY team, key, at / ${HOUR}`,
  )
  const unsettled = left
    .all((newest - HOUR) * SEQ_PER_MS)
    .map(({ team, key, at }) => ({ team: String(team), key: String(key), at: Number(at) }))
  return [{ at: newest }, ...unsettled]
}
