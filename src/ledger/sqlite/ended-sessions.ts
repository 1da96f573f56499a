import type { EndedSessions } from '../ended-sessions.ts'
import type { Store } from './open.ts'
import { wrapping } from './sqlite-error.ts'

/** Ended sessions beside the ledger in its file. */
export function createSqliteEndedSessions({
  database,
  file,
}: Pick<Store, 'database' | 'file'>): EndedSessions {
  const forget = database.prepare('DELETE FROM ended_session WHERE expires_at <= ?')
  const insert = database.prepare('INSERT OR IGNORE INTO ended_session (id, expires_at) VALUES (?, ?)')
  const ended = database.prepare('SELECT id FROM ended_session WHERE expires_at > ?')
  return {
    async end({ id, expiresAt }, now) {
      wrapping(file, () => {
        forget.run(now)
        insert.run(id, expiresAt)
      })
    },
    async endedAt(now) {
      return wrapping(file, () => ended.all(now).map(({ id }) => String(id)))
    },
  }
}
