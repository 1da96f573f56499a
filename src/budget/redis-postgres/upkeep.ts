import type pg from 'pg'
import type { UpkeepOptions } from '../retention.ts'
import { dropMonths } from './months.ts'

/** Rows that one statement changes. */
const ROWS_AT_ONCE = 1_000

/** Deletes what is older than it is to be kept. Every replica may do it at any time: who comes second finds nothing. */
export async function tidy(pool: pg.Pool, { clock, retention, log }: UpkeepOptions): Promise<void> {
  const now = clock.now()
  const { rowsMs, promptsMs } = retention()
  let forgotten: number
  do forgotten = await forgetPrompts(pool, now - promptsMs)
  while (forgotten > 0)
  const months = await dropMonths(pool, now - rowsMs)
  if (months > 0) log.info({ months }, 'old months of the ledger were dropped')
}

async function forgetPrompts(pool: pg.Pool, before: number): Promise<number> {
  const { rowCount } = await pool.query(
    `UPDATE ledger SET prompt = NULL WHERE (id, at) IN (
       SELECT id, at FROM ledger WHERE prompt IS NOT NULL AND at < $1
       ORDER BY at LIMIT ${ROWS_AT_ONCE} FOR UPDATE SKIP LOCKED)`,
    [before],
  )
  return rowCount ?? 0
}
