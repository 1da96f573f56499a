import type pg from 'pg'
import { type Examination, problemsOf, wrongDays, wrongHours } from '../examination.ts'
import { transact, unhurried } from './database.ts'

/** Reads every row in one snapshot: do the sums that balances are loaded from match the rows? */
export function examineDatabase(pool: pg.Pool): Promise<Examination> {
  return transact(pool, async (client) => {
    await client.query(
      'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = 0',
    )
    const numberOf = async (sql: string) => Number((await client.query(unhurried(sql))).rows[0]?.number)
    const problems = problemsOf(await numberOf(wrongHours('true')), await numberOf(wrongDays()))
    return { rows: await numberOf('SELECT count(*) AS number FROM ledger'), problems }
  })
}
