import { AuditLine, type AuditLog, auditQuery, NOW } from '../audit.ts'
import type { Store } from './open.ts'
import { storeErrorOf } from './store-error.ts'

/** The audit beside the ledger in its file. Rejects with a `StoreError`. */
export function createSqliteAuditLog({ database, file }: Pick<Store, 'database' | 'file'>): AuditLog {
  const insert = database.prepare(
    'INSERT INTO audit_log (at, who, action, subject, detail) VALUES (?, ?, ?, ?, ?)',
  )
  const lines = database.prepare(auditQuery((place) => `?${place}`))
  return {
    async note({ at, who, action, subject, detail }) {
      try {
        insert.run(at, who, action, subject, detail)
      } catch (error) {
        throw storeErrorOf(file, error)
      }
    },
    async linesBefore(place = NOW, limit) {
      try {
        return lines.all(place.at, place.source, place.seq, limit).map((line) => AuditLine.parse(line))
      } catch (error) {
        throw storeErrorOf(file, error)
      }
    },
  }
}
