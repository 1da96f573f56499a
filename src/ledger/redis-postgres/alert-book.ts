import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import type { Alert, AlertBook } from '../../alerts/alert.ts'
import { KEEP_ALERTS_MS, StoredAlert } from '../stored-alert.ts'
import { wrapping } from './postgres-error.ts'

/** How long a claimed alert belongs to the replica that claimed it. */
const CLAIM_LASTS = '5 minutes'

const INSERT = 'INSERT INTO alert (id, at, resets_at, facts) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING'
const CLAIM = `WITH mine AS (
    SELECT id FROM alert
    WHERE ended_at IS NULL AND (claimed_by = $1 OR claimed_until IS NULL OR claimed_until < now())
    ORDER BY at, seq LIMIT $2 FOR UPDATE SKIP LOCKED
  ), claimed AS (
    UPDATE alert SET claimed_by = $1, claimed_until = now() + interval '${CLAIM_LASTS}'
    FROM mine WHERE alert.id = mine.id RETURNING alert.at, alert.seq, alert.facts
  )
  SELECT facts FROM claimed ORDER BY at, seq`
const END = 'UPDATE alert SET ended_at = $1, ending = $2 WHERE id = $3 AND ended_at IS NULL'
const FORGET = 'DELETE FROM alert WHERE ended_at IS NOT NULL AND resets_at < $1'

/**
 * The alerts kept beside the ledger in Postgres: each is recorded once and delivered by one replica. `url`:
 * that of the pool, which errors name.
 */
export function createPostgresAlertBook(pool: pg.Pool, url: string): AlertBook {
  const replica = randomUUID()
  return {
    note: (alerts) => wrapping(url, () => note(pool, alerts)),
    claim: (most) => wrapping(url, () => claim(pool, replica, most)),
    end: (id, ending, at) =>
      wrapping(url, async () => {
        await pool.query(END, [at, ending, id])
        await pool.query(FORGET, [at - KEEP_ALERTS_MS])
      }),
    waiting: () =>
      wrapping(url, async () => {
        const { rows } = await pool.query('SELECT count(*) AS waiting FROM alert WHERE ended_at IS NULL')
        return Number(rows[0]?.waiting)
      }),
  }
}

async function note(pool: pg.Pool, alerts: readonly Alert[]): Promise<readonly Alert[]> {
  const fresh: Alert[] = []
  for (const alert of alerts) {
    const { rowCount } = await pool.query(INSERT, [alert.id, alert.at, alert.resetsAt, JSON.stringify(alert)])
    if (rowCount === 1) fresh.push(alert)
  }
  return fresh
}

async function claim(pool: pg.Pool, replica: string, most: number): Promise<readonly Alert[]> {
  const { rows } = await pool.query(CLAIM, [replica, most])
  return rows.map(({ facts }) => StoredAlert.parse(JSON.parse(String(facts))))
}
