import type pg from 'pg'
import { z } from 'zod'
import { nanoUsd } from '../../base/money.ts'
import type { RaiseEntry, RaiseLog } from '../raise.ts'

const StoredEntry = z.object({
  at: z.number(),
  action: z.enum(['grant', 'revoke']),
  raise: z.string(),
  budget: z.string(),
  amount_nusd: z.number().transform(nanoUsd),
  until: z.number(),
  who: z.string(),
  via: z.string(),
  reason: z.string(),
})

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
