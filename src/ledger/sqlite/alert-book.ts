import type { AlertBook } from '../../alerts/alert.ts'
import { KEEP_ALERTS_MS, StoredAlert } from '../stored-alert.ts'
import type { Store } from './open.ts'
import { wrapping } from './sqlite-error.ts'

/** The alerts beside the ledger in its file, owned by the file's single process. */
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

  /** Each statement is its own transaction: alerts are rare. */
  const told = async <Answer>(ask: () => Answer) => wrapping(file, ask)
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
        forget.run(at - KEEP_ALERTS_MS)
      }),
    waiting: () => told(() => Number(count.get()?.waiting)),
  }
}
