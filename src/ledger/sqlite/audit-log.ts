import { AuditLine, type AuditLog, auditQuery, NOW } from '../audit.ts'
import { openBeside, type Store } from './open.ts'
import { wrapping } from './sqlite-error.ts'

/** The audit beside the ledger in its file. */
export function createSqliteAuditLog({ database, file }: Pick<Store, 'database' | 'file'>): AuditLog {
  const insert = database.prepare(
    'INSERT INTO audit_log (at, who, action, subject, detail) VALUES (?, ?, ?, ?, ?)',
  )
  const lines = database.prepare(auditQuery((number) => `?${number}`))
  return {
    async note({ at, who, action, subject, detail }) {
      wrapping(file, () => insert.run(at, who, action, subject, detail))
    },
    async linesBefore(position = NOW, limit) {
      return wrapping(file, () =>
        lines.all(position.at, position.source, position.seq, limit).map((line) => AuditLine.parse(line)),
      )
    },
  }
}

/** The audit in a ledger file that a server may be using. Throws a `StoreError` as a reader does. */
export function openAudit(file: string): AuditLog & { close(): void } {
  const database = openBeside(file)
  return { ...createSqliteAuditLog({ database, file }), close: () => database.close() }
}
