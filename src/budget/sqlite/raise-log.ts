import type { RaiseEntry, RaiseLog } from '../raise.ts'
import { StoredEntry } from '../stored-raise.ts'
import type { Store } from './open.ts'
import { storeErrorOf } from './store-error.ts'

/** The audit of raises beside the ledger in its file. Rejects with a `StoreError`. */
export function createSqliteRaiseLog({ database, file }: Pick<Store, 'database' | 'file'>): RaiseLog {
  const insert = database.prepare(
    `INSERT INTO raise_log (at, action, raise, budget, amount_nusd, until, who, via, reason)
     SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9
     WHERE NOT EXISTS (SELECT 1 FROM raise_log WHERE "raise" = ?3 AND action = ?2)`,
  )
  const all = database.prepare('SELECT * FROM raise_log ORDER BY seq')
  return {
    async append({ at, action, raise, budget, amount, until, who, via, reason }) {
      try {
        return insert.run(at, action, raise, budget, amount, until, who, via, reason).changes === 1
      } catch (error) {
        throw storeErrorOf(file, error)
      }
    },
    async entries() {
      try {
        return all.all().map(entryOf)
      } catch (error) {
        throw storeErrorOf(file, error)
      }
    },
  }
}

function entryOf(row: unknown): RaiseEntry {
  const { amount_nusd: amount, ...entry } = StoredEntry.parse(row)
  return { ...entry, amount }
}
