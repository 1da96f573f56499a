import { type AnswerBook, gathered, KEEP_ANSWERS_MS, readHolder } from '../answer-book.ts'
import type { Store } from './open.ts'
import { wrapping } from './sqlite-error.ts'

/** Batch size of deletions, so that no caller waits for a large one. */
const FORGOTTEN_AT_ONCE = 100

/** Who owns the answers stored upstream, kept beside the ledger in its file. */
export function createSqliteAnswerBook({ database, file }: Pick<Store, 'database' | 'file'>): AnswerBook {
  const insert = database.prepare(
    'INSERT INTO answer (id, at, holder) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET at = excluded.at, holder = excluded.holder',
  )
  const forget = database.prepare(
    `DELETE FROM answer WHERE id IN (SELECT id FROM answer WHERE at < ? ORDER BY at LIMIT ${FORGOTTEN_AT_ONCE})`,
  )
  const find = database.prepare('SELECT holder FROM answer WHERE id = ?')
  return gathered(
    (entries) => {
      database.exec('BEGIN IMMEDIATE')
      try {
        for (const { id, at, holder } of entries) insert.run(id, at, JSON.stringify(holder))
        forget.run(Math.max(...entries.map(({ at }) => at)) - KEEP_ANSWERS_MS)
        database.exec('COMMIT')
      } catch (error) {
        if (database.isTransaction) database.exec('ROLLBACK')
        throw error
      }
    },
    async (id) =>
      wrapping(file, () => {
        const row = find.get(id)
        return row === undefined ? undefined : readHolder(String(row.holder))
      }),
  )
}
