import type pg from 'pg'
import { type AnswerBook, gathered, KEEP_ANSWERS_MS, readHolder } from '../answer-book.ts'
import { wrapping } from './postgres-error.ts'

/** Batch size of deletions, so that no caller waits for a large one. */
const FORGOTTEN_AT_ONCE = 100

const INSERT = `INSERT INTO answer SELECT DISTINCT ON (id) id, at, holder
  FROM unnest($1::text[], $2::bigint[], $3::text[]) AS noted (id, at, holder) ORDER BY id, at DESC
  ON CONFLICT (id) DO UPDATE SET at = excluded.at, holder = excluded.holder`
const FORGET = `DELETE FROM answer WHERE id IN (SELECT id FROM answer WHERE at < $1 ORDER BY at LIMIT ${FORGOTTEN_AT_ONCE})`

/** Who owns the answers stored upstream, for all replicas. `url`: that of the pool, which errors name. */
export function createPostgresAnswerBook(pool: pg.Pool, url: string): AnswerBook {
  return gathered(
    async (entries) => {
      const columns = [
        entries.map(({ id }) => id.toWellFormed().replaceAll('\0', '')),
        entries.map(({ at }) => at),
        entries.map(({ holder }) => JSON.stringify(holder)),
      ]
      await pool.query(INSERT, columns)
      await pool.query(FORGET, [Math.max(...entries.map(({ at }) => at)) - KEEP_ANSWERS_MS])
    },
    async (id) => {
      if (!id.isWellFormed() || id.includes('\0')) return undefined
      return wrapping(url, async () => {
        const { rows } = await pool.query('SELECT holder FROM answer WHERE id = $1', [id])
        return rows[0] === undefined ? undefined : readHolder(String(rows[0].holder))
      })
    },
  )
}
