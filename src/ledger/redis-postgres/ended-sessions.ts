import type pg from 'pg'
import type { EndedSessions } from '../ended-sessions.ts'
import { wrapping } from './postgres-error.ts'

const INSERT = 'INSERT INTO ended_session (id, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING'

/**
 * Ended sessions, kept beside the ledger in Postgres and shared by all replicas. `url`: that of the pool,
 * which errors name.
 */
export function createPostgresEndedSessions(pool: pg.Pool, url: string): EndedSessions {
  return {
    async end({ id, expiresAt }, now) {
      await wrapping(url, async () => {
        await pool.query('DELETE FROM ended_session WHERE expires_at <= $1', [now])
        await pool.query(INSERT, [id, expiresAt])
      })
    },
    async endedAt(now) {
      return wrapping(url, async () => {
        const { rows } = await pool.query('SELECT id FROM ended_session WHERE expires_at > $1', [now])
        return rows.map(({ id }) => String(id))
      })
    },
  }
}
