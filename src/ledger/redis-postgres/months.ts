import type pg from 'pg'
import { lockUntilCommit, transact } from './database.ts'
import { MIGRATION_LOCK } from './schema.ts'

const known = new WeakMap<pg.Pool, Set<string>>()

/**
 * Creates missing partitions of the ledger for the months of these moments (milliseconds since the epoch).
 */
export async function ensureMonths(pool: pg.Pool, moments: readonly number[]): Promise<void> {
  const made = known.get(pool) ?? new Set<string>()
  known.set(pool, made)
  const missing = new Set(moments.map(monthOf).filter((month) => !made.has(month)))
  if (missing.size === 0) return
  await transact(pool, async (client) => {
    await lockUntilCommit(client, MIGRATION_LOCK)
    for (const month of missing) {
      const { start, end } = spanOf(month)
      await client.query(
        `CREATE TABLE IF NOT EXISTS ledger_${month} PARTITION OF ledger FOR VALUES FROM (${start}) TO (${end})`,
      )
    }
  })
  for (const month of missing) made.add(month)
}

/** For when another replica has dropped a month that this one believes to exist. */
export function forgetMonths(pool: pg.Pool): void {
  known.delete(pool)
}

/** How long inserts may queue behind the dropping of a month, which itself queues behind readers. Milliseconds. */
const LOCK_MS = 1_000

/**
 * Drops the months that ended before a moment, oldest first, and records the time from which rows are kept.
 * Sums stay. Throws if a reader holds the table so long that waiting would hold up inserts; nothing is lost
 * then. Returns the number of months dropped.
 */
export async function dropMonths(pool: pg.Pool, before: number): Promise<number> {
  const { rows } = await pool.query<{ name: string }>(
    `SELECT relname AS name FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
     WHERE inhparent = 'ledger'::regclass ORDER BY relname`,
  )
  const old = rows
    .map(({ name }) => /^ledger_(\d{4}_\d{2})$/.exec(name)?.[1])
    .filter((month) => month !== undefined && spanOf(month).end <= before)
  for (const month of old) {
    const drop = async (client: pg.PoolClient) => {
      await client.query(`DROP TABLE IF EXISTS ledger_${month}`)
      await client.query('UPDATE kept SET since = greatest(since, $1)', [spanOf(month ?? '').end])
    }
    await transact(pool, drop, { lockMs: LOCK_MS })
  }
  return old.length
}

function monthOf(at: number): string {
  return new Date(at).toISOString().slice(0, 7).replace('-', '_')
}

function spanOf(month: string): { readonly start: number; readonly end: number } {
  const [year, number] = month.split('_').map(Number)
  const start = (offset: number) => Date.UTC(year ?? 0, (number ?? 0) - 1 + offset, 1)
  return { start: start(0), end: start(1) }
}
