import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import type { Alert, AlertBook } from '../../alerts/alert.ts'
import { KEEP_ALERTS_MS, StoredAlert } from '../stored-alert.ts'

/** How long a claimed alert belongs to the replica that claimed it. */
const CLAIM = '5 minutes'

/** The alerts kept beside the ledger in Postgres: each is recorded once and delivered by one replica. */
export function createPostgresAlertBook(pool: pg.Pool): AlertBook {
  const replica = randomUUID()
  return {
    async note(alerts) {
      const fresh: Alert[] = []
      for (const alert of alerts) {
        const { rowCount } = await pool.query(
          'INSERT INTO alert (id, at, resets_at, facts) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
          [alert.id, alert.at, alert.resetsAt, JSON.stringify(alert)],
        )
        if (rowCount === 1) fresh.push(alert)
      }
      return fresh
    },
    async claim(most) {
      const { rows } = await pool.query(
        `WITH mine AS (
           SELECT id FROM alert
           WHERE ended_at IS NULL AND (claimed_by = $1 OR claimed_until IS NULL OR claimed_until < now())
           ORDER BY at, seq LIMIT $2 FOR UPDATE SKIP LOCKED
         ), claimed AS (
           UPDATE alert SET claimed_by = $1, claimed_until = now() + interval '${CLAIM}'
           FROM mine WHERE alert.id = mine.id RETURNING alert.at, alert.seq, alert.facts
         )
         SELECT facts FROM claimed ORDER BY at, seq`,
        [replica, most],
      )
      return rows.map(({ facts }) => StoredAlert.parse(JSON.parse(String(facts))))
    },
    async end(id, ending, at) {
      await pool.query('UPDATE alert SET ended_at = $1, ending = $2 WHERE id = $3 AND ended_at IS NULL', [
        at,
        ending,
        id,
      ])
      await pool.query('DELETE FROM alert WHERE ended_at IS NOT NULL AND resets_at < $1', [
        at - KEEP_ALERTS_MS,
      ])
    },
    async waiting() {
      const { rows } = await pool.query('SELECT count(*) AS waiting FROM alert WHERE ended_at IS NULL')
      return Number(rows[0]?.waiting)
    },
  }
}
