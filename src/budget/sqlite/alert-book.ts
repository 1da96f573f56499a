import { z } from 'zod'
import type { Alert, AlertBook } from '../../alerts/alert.ts'
import { nanoUsd } from '../../base/money.ts'
import { WINDOWS } from '../ledger.ts'
import type { Store } from './open.ts'
import { storeErrorOf } from './store-error.ts'

const money = z.number().transform(nanoUsd)
const StoredAlert: z.ZodType<Alert> = z.object({
  id: z.string(),
  at: z.number(),
  budget: z.string(),
  team: z.string(),
  key: z.string().nullable(),
  per: z.enum(WINDOWS),
  threshold: z.number(),
  limit: money,
  spent: money,
  held: money,
  startsAt: z.number().nullable(),
  resetsAt: z.number().nullable(),
})

/** What has long been told is forgotten: nothing is spent in such a window any more. */
const KEEP_MS = 40 * 86_400_000

/** The alerts beside the ledger in its file, whose one process owns them all. Rejects with a `StoreError`. */
export function createSqliteAlertBook({ database, file }: Pick<Store, 'database' | 'file'>): AlertBook {
  const insert = database.prepare(
    'INSERT INTO alert (id, at, resets_at, facts) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  )
  const forget = database.prepare('DELETE FROM alert WHERE ended_at IS NOT NULL AND resets_at < ?')
  const open = database.prepare('SELECT facts FROM alert WHERE ended_at IS NULL ORDER BY at, rowid LIMIT ?')
  const close = database.prepare(
    'UPDATE alert SET ended_at = ?, ending = ? WHERE id = ? AND ended_at IS NULL',
  )
  const count = database.prepare('SELECT count(*) AS waiting FROM alert WHERE ended_at IS NULL')

  /** Each statement is a transaction of its own: alerts are rare. */
  async function told<Answer>(ask: () => Answer): Promise<Answer> {
    try {
      return ask()
    } catch (error) {
      throw storeErrorOf(file, error)
    }
  }
  return {
    note: (alerts) =>
      told(() =>
        alerts.filter(
          (alert) => insert.run(alert.id, alert.at, alert.resetsAt, JSON.stringify(alert)).changes > 0,
        ),
      ),
    claim: (most) =>
      told(() => open.all(most).map(({ facts }) => StoredAlert.parse(JSON.parse(String(facts))))),
    end: (id, ending, at) =>
      told(() => {
        close.run(at, ending, id)
        forget.run(at - KEEP_MS)
      }),
    waiting: () => told(() => Number(count.get()?.waiting)),
  }
}
