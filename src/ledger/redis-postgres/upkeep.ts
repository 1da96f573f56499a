import type pg from 'pg'
import type { UpkeepOptions } from '../retention.ts'
import { dropMonths } from './months.ts'

/** Rows changed per statement. */
const ROWS_AT_ONCE = 1_000

/** Deletes data past its retention. Any replica may run it at any time; a second run finds nothing. */
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
