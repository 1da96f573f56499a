import type pg from 'pg'
import { type LabelBook, LabelEntry, type Labelling, labelAfter, type Unlabelled } from '../label-book.ts'
import { HURRIED_MS, transact } from './database.ts'
import { wrapping } from './postgres-error.ts'
import { openMigrated } from './schema.ts'

const COLUMNS = 'at, id, before, label, who'

/**
 * The labels in Postgres, for use beside any number of replicas. Throws a `StoreError` if the store does not
 * answer.
 */
export async function openPostgresLabelBook(url: string): Promise<LabelBook> {
  const pool = await openMigrated(url, { statementMs: HURRIED_MS })
  return {
    label: (labelling) => wrapping(url, () => transact(pool, (client) => labelNow(client, labelling))),
    entries: (id) =>
      wrapping(url, async () => {
        const { rows } = await pool.query(`SELECT ${COLUMNS} FROM label_log WHERE id = $1 ORDER BY seq`, [id])
        return rows.map((entry) => LabelEntry.parse(entry))
      }),
    close: () => pool.end(),
  }
}

/** The row is locked first: a concurrent labelling waits, and then sees the new label. */
async function labelNow(
  client: pg.PoolClient,
  { id, label: said, who, at }: Labelling,
): Promise<LabelEntry | Unlabelled> {
  const found = await client.query('SELECT at, label FROM ledger WHERE id = $1 FOR UPDATE', [id])
  const [row] = found.rows
  if (row === undefined) return 'no_row'
  const log = await client.query(`SELECT ${COLUMNS} FROM label_log WHERE id = $1 ORDER BY seq DESC LIMIT 1`, [
    id,
  ])
  const [last] = log.rows
  const label = labelAfter(said, last && LabelEntry.parse(last))
  if (label === 'nothing_to_undo') return label
  const entry = LabelEntry.parse({ at, id, before: row.label, label, who })
  const by = label === null ? null : who
  await client.query('UPDATE ledger SET label = $1, labelled_by = $2 WHERE id = $3 AND at = $4', [
    label,
    by,
    id,
    row.at,
  ])
  await client.query('INSERT INTO label_log (at, id, before, label, who) VALUES ($1, $2, $3, $4, $5)', [
    at,
    id,
    entry.before,
    label,
    who,
  ])
  return entry
}
