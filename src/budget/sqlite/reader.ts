import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import type { z } from 'zod'
import { LedgerLine, LINE_COLUMNS } from '../line.ts'
import { type Grouping, type LedgerReader, type RowFilter, SpendLine } from '../reader.ts'
import { boundedSum } from './bounded-sum.ts'
import { openForReading } from './open.ts'
import { SEQ_PER_MS } from './schema.ts'
import { storeErrorOf } from './store-error.ts'

const GROUPINGS = {
  team: 'team',
  key: `team || '/' || key`,
  model: `coalesce(target, '(none)')`,
  class: `coalesce(class, '(none)')`,
  day: `date(at / 1000, 'unixepoch')`,
} as const satisfies Record<Grouping, string>

/** Looks into a ledger's file: at once, as SQLite answers. */
export interface FileReader extends LedgerReader {
  row(id: string): LedgerLine | undefined
  rows(filter: RowFilter, limit?: number): Generator<LedgerLine>
  spend(by: Grouping, filter: RowFilter): readonly SpendLine[]
  close(): void
}

export function openLedgerReader(file: string): FileReader {
  const database = openForReading(file)
  return {
    row: (id) =>
      [
        ...query(database, file, `SELECT ${LINE_COLUMNS} FROM ledger WHERE id = ? LIMIT 1`, [id], LedgerLine),
      ][0],
    rows: (filter, limit) => {
      const { where, values } = conditions(filter)
      const all = `SELECT seq, ${LINE_COLUMNS} FROM ledger WHERE ${where}`
      if (limit === undefined) return query(database, file, `${all} ORDER BY seq`, values, LedgerLine)
      const latest = `SELECT * FROM (${all} ORDER BY seq DESC LIMIT ?) ORDER BY seq`
      return query(database, file, latest, [...values, limit], LedgerLine)
    },
    spend: (by, filter) => {
      const { where, values } = conditions(filter)
      const sql = `SELECT ${GROUPINGS[by]} AS "group", count(*) AS requests, ${sum('input_tokens')},
        ${sum('output_tokens')}, ${sum('cost_nusd')}, ${sum('baseline_nusd', 'coalesce(baseline_nusd, cost_nusd)')}
        FROM ledger WHERE ${where} GROUP BY 1 ORDER BY 1`
      return [...query(database, file, sql, values, SpendLine)]
    },
    close: () => database.close(),
  }
}

/** Sums stop at what a number holds exactly, nine million dollars: beyond, reading one would fail. */
function sum(name: string, expression = name): string {
  return `${boundedSum(expression)} AS ${name}`
}

function conditions(filter: RowFilter): {
  readonly where: string
  readonly values: readonly SQLInputValue[]
} {
  const since = filter.since ?? 0
  const until = filter.until ?? Number.MAX_SAFE_INTEGER
  const parts = ['seq >= ? AND at >= ? AND at < ?']
  const values: SQLInputValue[] = [since * SEQ_PER_MS, since, until]
  for (const column of ['team', 'class', 'outcome'] as const) {
    const wanted = filter[column]
    if (wanted === undefined) continue
    parts.push(`${column} = ?`)
    values.push(wanted)
  }
  return { where: parts.join(' AND '), values }
}

function* query<Line>(
  database: DatabaseSync,
  file: string,
  sql: string,
  values: readonly SQLInputValue[],
  schema: z.ZodType<Line>,
): Generator<Line> {
  try {
    for (const row of database.prepare(sql).iterate(...values)) yield schema.parse(row)
  } catch (error) {
    throw storeErrorOf(file, error)
  }
}
