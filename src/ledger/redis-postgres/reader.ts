import type pg from 'pg'
import { z } from 'zod'
import { DECIDED, DECISION_COLUMNS, DecisionLine } from '../decision-line.ts'
import { LedgerLine, LINE_COLUMNS } from '../line.ts'
import { type LedgerReader, type RowFilter, SpendLine } from '../reader.ts'
import { examineDatabase } from './examination.ts'
import { storeErrorOf, wrapping } from './postgres-error.ts'
import { openMigrated } from './schema.ts'
import { spendQuery } from './spend.ts'

/** Rows per fetch: a ledger does not fit in memory. */
const PAGE = 1_000

/**
 * Reads the ledger in Postgres, which holds only rows of requests that have ended. Throws a `StoreError` if
 * there is no ledger.
 */
export async function openPostgresReader(url: string): Promise<LedgerReader> {
  const pool = await openMigrated(url)
  const ask = <Line>(sql: string, values: readonly unknown[], line: z.ZodType<Line>) =>
    wrapping(url, async () => (await pool.query(sql, [...values])).rows.map((row) => line.parse(row)))
  const keptSince = async () =>
    (await ask('SELECT since FROM kept', [], z.object({ since: z.number() })))[0]?.since ?? 0
  return {
    row: async (id) => (await ask(`SELECT ${LINE_COLUMNS} FROM ledger WHERE id = $1`, [id], LedgerLine))[0],
    rows: (filter, limit) => {
      const { where, values } = conditions(filter)
      const all = `SELECT ${LINE_COLUMNS} FROM ledger WHERE ${where}`
      if (limit === undefined) return pages(pool, url, `${all} ORDER BY at, id`, values, LedgerLine)
      const latest = `SELECT * FROM (${all} ORDER BY at DESC, id DESC LIMIT ${limit}) AS latest ORDER BY at, id`
      return pages(pool, url, latest, values, LedgerLine)
    },
    decisions: (filter) => {
      const { where, values } = conditions(filter)
      const sql = `SELECT ${DECISION_COLUMNS} FROM ledger WHERE ${where} AND ${DECIDED} ORDER BY at, id`
      return pages(pool, url, sql, values, DecisionLine)
    },
    labelled: (filter) => {
      const { where, values } = conditions(filter)
      const wanted = `${where} AND label IS NOT NULL AND ${DECIDED}`
      const sql = `SELECT ${DECISION_COLUMNS} FROM ledger WHERE ${wanted} ORDER BY at, id`
      return pages(pool, url, sql, values, DecisionLine)
    },
    spend: async (by, filter) => {
      const whose = [filter.team, filter.key].filter((name) => name !== undefined)
      return ask(spendQuery(by, filter, await keptSince()), whose, SpendLine)
    },
    keptSince,
    examine: () => wrapping(url, () => examineDatabase(pool)),
    close: () => pool.end(),
  }
}

async function* pages<Line>(
  pool: pg.Pool,
  url: string,
  sql: string,
  values: readonly unknown[],
  line: z.ZodType<Line>,
): AsyncGenerator<Line> {
  const client = await wrapping(url, () => pool.connect())
  try {
    await client.query('BEGIN READ ONLY')
    await client.query(`DECLARE page NO SCROLL CURSOR FOR ${sql}`, [...values])
    for (;;) {
      const { rows } = await client.query(`FETCH ${PAGE} FROM page`)
      for (const row of rows) yield line.parse(row)
      if (rows.length < PAGE) return
    }
  } catch (error) {
    throw storeErrorOf(url, error)
  } finally {
    // The consumer may stop early, in the middle of the transaction.
    client.release(true)
  }
}

function conditions(filter: RowFilter): { readonly where: string; readonly values: readonly unknown[] } {
  const values: unknown[] = [filter.since ?? 0, filter.until ?? Number.MAX_SAFE_INTEGER]
  const parts = ['at >= $1 AND at < $2']
  for (const column of ['team', 'class', 'outcome'] as const) {
    const wanted = filter[column]
    if (wanted === undefined) continue
    values.push(wanted)
    parts.push(`${column} = $${values.length}`)
  }
  if (filter.before !== undefined) {
    values.push(filter.before)
    parts.push(`(at, id) < (SELECT at, id FROM ledger WHERE id = $${values.length} LIMIT 1)`)
  }
  return { where: parts.join(' AND '), values }
}
