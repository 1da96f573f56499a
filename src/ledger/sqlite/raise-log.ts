import type { RaiseLog } from '../../budget/raise.ts'
import { raiseEntryOf } from '../../budget/stored-raise.ts'
import type { Store } from './open.ts'
import { wrapping } from './sqlite-error.ts'

/** The audit of raises beside the ledger in its file. */
export function createSqliteRaiseLog({ database, file }: Pick<Store, 'database' | 'file'>): RaiseLog {
  const insert = database.prepare(
    `INSERT INTO raise_log (at, action, raise, budget, amount_nusd, until, who, via, reason)
     SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9
     WHERE NOT EXISTS (SELECT 1 FROM raise_log WHERE "raise" = ?3 AND action = ?2)`,
  )
  const all = database.prepare('SELECT * FROM raise_log ORDER BY seq')
  return {
    async append({ at, action, raise, budget, amount, until, who, via, reason }) {
      const values = [at, action, raise, budget, amount, until, who, via, reason]
      return wrapping(file, () => insert.run(...values).changes === 1)
    },
    async entries() {
      return wrapping(file, () => all.all().map(raiseEntryOf))
    },
  }
}
