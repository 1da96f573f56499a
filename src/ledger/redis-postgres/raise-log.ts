import type pg from 'pg'
import type { RaiseEntry, RaiseLog } from '../../budget/raise.ts'
import { raiseEntryOf } from '../../budget/stored-raise.ts'
import { lockUntilCommit, transact } from './database.ts'
import { wrapping } from './postgres-error.ts'

/**
 * The audit of raises beside the ledger in Postgres, shared by all replicas. `url`: that of the pool, which
 * errors name.
 */
export function createPostgresRaiseLog(pool: pg.Pool, url: string): RaiseLog {
  return {
    append: (entry) => wrapping(url, () => transact(pool, (client) => append(client, entry))),
    entries: () =>
      wrapping(url, async () => {
        const { rows } = await pool.query('SELECT * FROM raise_log ORDER BY seq')
        return rows.map(raiseEntryOf)
      }),
  }
}

async function append(client: pg.PoolClient, entry: RaiseEntry): Promise<boolean> {
  const { at, action, raise, budget, amount, until, who, via, reason } = entry
  // A concurrent decision about the same raise waits here, and then sees this line.
  await lockUntilCommit(client, `trivium:${raise}`)
  const { rowCount } = await client.query(
    `INSERT INTO raise_log (at, action, raise, budget, amount_nusd, until, who, via, reason)
     SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9
     WHERE NOT EXISTS (SELECT FROM raise_log WHERE raise = $3 AND action = $2)`,
    [at, action, raise, budget, amount, until, who, via, reason],
  )
  return rowCount === 1
}
