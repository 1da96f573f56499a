import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import { z } from 'zod'
import type { PromptClass } from '../../base/prompt-class.ts'
import type { Outcome } from '../row.ts'
import { boundedSum } from './bounded-sum.ts'
import { LedgerLine, LINE_COLUMNS } from './line.ts'
import { openForReading } from './open.ts'
import { SEQ_PER_MS } from './schema.ts'
import { storeErrorOf } from './store-error.ts'

/** Which rows are meant; times in milliseconds since the epoch, `until` excluded. */
export interface RowFilter {
  readonly team?: string | undefined
  readonly class?: PromptClass | undefined
  readonly outcome?: Outcome | undefined
  readonly since?: number | undefined
  readonly until?: number | undefined
}

const GROUPINGS = {
  team: 'team',
  key: `team || '/' || key`,
  model: `coalesce(target, '(none)')`,
  class: `coalesce(class, '(none)')`,
  day: `date(at / 1000, 'unixepoch')`,
} as const
export type Grouping = keyof typeof GROUPINGS

export function isGrouping(text: string): text is Grouping {
  return Object.hasOwn(GROUPINGS, text)
}

/** What a group of requests used and cost. Where no baseline is known, what was paid stands for it: no savings. */
export const SpendLine = z.object({
  group: z.string(),
  requests: z.number(),
  input_tokens: z.number(),
  output_tokens: z.number(),
  cost_nusd: z.number(),
  baseline_nusd: z.number(),
})
export type SpendLine = z.infer<typeof SpendLine>

/** Looks into a ledger's file while a server may be writing to it. Every answer may throw a `StoreError`. */
export interface LedgerReader {
  row(id: string): LedgerLine | undefined
  /** Oldest first; with a limit, the latest so many. Read as they are asked for. */
  rows(filter: RowFilter, limit?: number): Generator<LedgerLine>
  /** Ordered by group. */
  spend(by: Grouping, filter: RowFilter): readonly SpendLine[]
  close(): void
}

export function openLedgerReader(file: string): LedgerReader {
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
