import type pg from 'pg'
import { AuditLine, type AuditLog, auditQuery, NOW } from '../audit.ts'
import { wrapping } from './postgres-error.ts'
import { openMigrated } from './schema.ts'

const INSERT = 'INSERT INTO audit_log (at, who, action, subject, detail) VALUES ($1, $2, $3, $4, $5)'
const LINES = auditQuery((number) => `$${number}${number === 2 ? '::int' : '::bigint'}`)

/**
 * The audit beside the ledger in Postgres, shared by all replicas. `url`: that of the pool, which errors
 * name.
 */
export function createPostgresAuditLog(pool: pg.Pool, url: string): AuditLog {
  return {
    async note({ at, who, action, subject, detail }) {
      await wrapping(url, () => pool.query(INSERT, [at, who, action, subject, detail]))
    },
    async linesBefore(position = NOW, limit) {
      return wrapping(url, async () => {
        const { rows } = await pool.query(LINES, [position.at, position.source, position.seq, limit])
        return rows.map((line) => AuditLine.parse(line))
      })
    },
  }
}

/**
 * The same audit, opened by a process other than the replicas. Throws a `StoreError` if the store does not
 * answer.
 */
export async function openPostgresAudit(url: string): Promise<AuditLog & { close(): Promise<void> }> {
  const pool = await openMigrated(url)
  return { ...createPostgresAuditLog(pool, url), close: () => pool.end() }
}
