import { AuditLine, type AuditLog, auditQuery, NOW } from '../audit.ts'
import { openBeside, type Store } from './open.ts'
import { storeErrorOf } from './store-error.ts'

/** The audit beside the ledger in its file. Rejects with a `StoreError`. */
export function createSqliteAuditLog({ database, file }: Pick<Store, 'database' | 'file'>): AuditLog {
  const insert = database.prepare(
    'INSERT INTO audit_log (at, who, action, subject, detail) VALUES (?, ?, ?, ?, ?)',
  )
  const lines = database.prepare(auditQuery((number) => `?${number}`))
  return {
    async note({ at, who, action, subject, detail }) {
      try {
        insert.run(at, who, action, subject, detail)
      } catch (error) {
        throw storeErrorOf(file, error)
      }
    },
    async linesBefore(position = NOW, limit) {
      try {
        return lines
          .all(position.at, position.source, position.seq, limit)
          .map((line) => AuditLine.parse(line))
      } catch (error) {
        throw storeErrorOf(file, error)
      }
    },
  }
}

/** The audit in a ledger file that a server may be using. Throws a `StoreError` as a reader does. */
export function openAudit(file: string): AuditLog & { close(): void } {
  const database = openBeside(file)
  return { ...createSqliteAuditLog({ database, file }), close: () => database.close() }
}
