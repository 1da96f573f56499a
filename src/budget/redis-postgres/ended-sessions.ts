import type pg from 'pg'
import type { EndedSessions } from '../ended-sessions.ts'

/**
 * Ended sessions, kept beside the ledger in Postgres and shared by all replicas. Rejects with Postgres' own
 * errors.
 */
export function createPostgresEndedSessions(pool: pg.Pool): EndedSessions {
  return {
    async end({ id, expiresAt }, now) {
      await pool.query('DELETE FROM ended_session WHERE expires_at <= $1', [now])
      await pool.query('INSERT INTO ended_session (id, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
        id,
        expiresAt,
      ])
    },
    async endedAt(now) {
      const { rows } = await pool.query('SELECT id FROM ended_session WHERE expires_at > $1', [now])
      return rows.map(({ id }) => String(id))
    },
  }
}
