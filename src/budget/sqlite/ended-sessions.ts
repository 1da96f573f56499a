import type { EndedSessions } from '../ended-sessions.ts'
import type { Store } from './open.ts'
import { storeErrorOf } from './store-error.ts'

/** Ended sessions beside the ledger in its file. Rejects with a `StoreError`. */
export function createSqliteEndedSessions({
  database,
  file,
}: Pick<Store, 'database' | 'file'>): EndedSessions {
  const forget = database.prepare('DELETE FROM ended_session WHERE expires_at <= ?')
  const insert = database.prepare('INSERT OR IGNORE INTO ended_session (id, expires_at) VALUES (?, ?)')
  const ended = database.prepare('SELECT id FROM ended_session WHERE expires_at > ?')
  return {
    async end({ id, expiresAt }, now) {
      try {
        forget.run(now)
        insert.run(id, expiresAt)
      } catch (error) {
        throw storeErrorOf(file, error)
      }
    },
    async endedAt(now) {
      try {
        return ended.all(now).map(({ id }) => String(id))
      } catch (error) {
        throw storeErrorOf(file, error)
      }
    },
  }
}
