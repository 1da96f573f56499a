import type pg from 'pg'
import { HOUR } from '../../../base/durations.ts'
import type { KeyUse } from '../../views.ts'

/**
 * For each key the last day, found through the index on teams; of that day the last hour, and of that hour
 * the last row if it is still kept.
 */
const LAST_USES = `
  SELECT key, coalesce((SELECT at FROM ledger WHERE ledger.team = $1 AND ledger.key = hours.key
      AND at >= hour * ${HOUR}::bigint AND at < (hour + 1) * ${HOUR}::bigint ORDER BY at DESC LIMIT 1),
    hour * ${HOUR}::bigint) AS at
  FROM (SELECT key, (SELECT max(hour) FROM tally_hour WHERE tally_hour.team = $1 AND tally_hour.key = days.key
      AND requests > 0 AND hour = ANY (ARRAY(SELECT generate_series(day * 24, day * 24 + 23)))) AS hour
    FROM (SELECT key, max(day) AS day FROM tally_day WHERE team = $1 AND requests > 0 GROUP BY key) AS days) AS hours
  WHERE hour IS NOT NULL ORDER BY key COLLATE "C"`

/** When each of a team's keys was last used. */
export async function keyUses(pool: pg.Pool, team: string): Promise<readonly KeyUse[]> {
  const { rows } = await pool.query(LAST_USES, [team])
  return rows.map(({ key, at }) => ({ key: String(key), at: Number(at) }))
}
