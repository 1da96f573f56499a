import type pg from 'pg'
import type { RaiseEntry, RaiseLog } from '../raise.ts'
import { StoredEntry } from '../stored-raise.ts'

/** The audit of raises beside the ledger in Postgres, shared by all replicas. Rejects with Postgres' own errors. */
export function createPostgresRaiseLog(pool: pg.Pool): RaiseLog {
  return {
    async append({ at, action, raise, budget, amount, until, who, via, reason }) {
      await pool.query(
        `INSERT INTO raise_log (at, action, raise, budget, amount_nusd, until, who, via, reason)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [at, action, raise, budget, amount, until, who, via, reason],
      )
    },
    async entries() {
      const { rows } = await pool.query('SELECT * FROM raise_log ORDER BY seq')
      return rows.map(entryOf)
    },
  }
}

function entryOf(row: unknown): RaiseEntry {
  const { amount_nusd: amount, ...entry } = StoredEntry.parse(row)
  return { ...entry, amount }
}
