import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import type { z } from 'zod'
import { PROMPT_CLASSES } from '../../base/prompt-class.ts'
import { DECIDED, DECISION_COLUMNS, type DecisionLine, decisionLine } from '../decision-line.ts'
import type { Examination } from '../examination.ts'
import { LedgerLine, LINE_COLUMNS } from '../line.ts'
import { type Grouping, type LedgerReader, type RowFilter, type SpendFilter, SpendLine } from '../reader.ts'
import { examineFile } from './examination.ts'
import { openForReading } from './open.ts'
import { seqOf } from './row-seq.ts'
import { SEQ_PER_MS } from './schema.ts'
import { spendQuery } from './spend.ts'
import { wrapping } from './sqlite-error.ts'

/** Reads a ledger's file synchronously. */
interface FileReader extends LedgerReader {
  row(id: string): LedgerLine | undefined
  rows(filter: RowFilter, limit?: number): Generator<LedgerLine>
  decisions(filter: RowFilter): Generator<DecisionLine>
  labelled(filter: RowFilter): Generator<DecisionLine>
  spend(by: Grouping, filter: SpendFilter): readonly SpendLine[]
  keptSince(): number
  examine(): Examination
  close(): void
}

/** Rows per query: a ledger does not fit in memory. */
const PAGE = 1_000

/**
 * Opens a ledger's file for reading, also while a server writes to it. Throws a `StoreError` that names the
 * file.
 */
export function openLedgerReader(file: string): FileReader {
  const database = openForReading(file)
  const ask = <Line>(sql: string, values: Values, schema: z.ZodType<Line>) =>
    wrapping(file, () => {
      const rows: readonly unknown[] = database.prepare(sql).all(values)
      return rows.map((row) => schema.parse(row))
    })
  const kept = database.prepare('SELECT since FROM kept')
  const keptSince = () => wrapping(file, () => Number(kept.get()?.since))
  return {
    row: (id) => ask(`SELECT ${LINE_COLUMNS} FROM ledger WHERE seq = (${seqOf(id)})`, { id }, LedgerLine)[0],
    rows: function* (filter, limit) {
      const wanted = conditions(filter)
      if (limit === undefined) return yield* pages(database, file, wanted, WHOLE)
      const { from, where, values } = wanted
      const latest = `SELECT seq, ${LINE_COLUMNS} FROM ledger WHERE seq >= ${from} AND ${where} ORDER BY seq DESC LIMIT :limit`
      yield* ask(`SELECT * FROM (${latest}) ORDER BY seq`, { ...values, limit }, LedgerLine)
    },
    decisions: (filter) => {
      const wanted = conditions(filter)
      return pages(database, file, { ...wanted, where: `${wanted.where} AND ${DECIDED}` }, DECIDING)
    },
    labelled: (filter) => labelledRows(database, file, conditions(filter)),
    spend: (by, filter) => {
      const { team, key } = filter
      const values = { ...(team !== undefined && { team }), ...(key !== undefined && { key }) }
      return ask(spendQuery(by, filter, keptSince()), values, SpendLine)
    },
    keptSince,
    examine: () => wrapping(file, () => examineFile(database)),
    close: () => database.close(),
  }
}

type Values = Readonly<Record<string, SQLInputValue>>

/** How rows are read. */
interface Shape<Line> {
  readonly columns: readonly string[]
  readonly line: (columns: Readonly<Record<string, unknown>>) => Line
}

const WHOLE: Shape<LedgerLine> = { columns: LINE_COLUMNS, line: (columns) => LedgerLine.parse(columns) }
const DECIDING: Shape<DecisionLine> = { columns: DECISION_COLUMNS, line: decisionLine }

/** Selects rows; `from` is the lowest `seq` possible for their time. */
interface Conditions {
  readonly from: number
  readonly where: string
  readonly values: Values
}

function conditions(filter: RowFilter): Conditions {
  const since = Math.max(0, filter.since ?? 0)
  const until = filter.until ?? Number.MAX_SAFE_INTEGER
  const parts = [`at >= ${since} AND at < ${until}`]
  const values: Record<string, SQLInputValue> = {}
  for (const column of ['team', 'class', 'outcome'] as const) {
    const wanted = filter[column]
    if (wanted === undefined) continue
    parts.push(`${column} = :${column}`)
    values[column] = wanted
  }
  // SQLite does not infer that the partial index of unusual outcomes covers this one.
  if (filter.outcome !== undefined && filter.outcome !== 'ok') parts.push(`outcome <> 'ok'`)
  if (filter.before !== undefined) {
    parts.push(`seq < (${seqOf(filter.before)})`)
    values.id = filter.before
  }
  return { from: since * SEQ_PER_MS, where: parts.join(' AND '), values }
}

/**
 * All rows up to the newest one at the start, read in separate statements: a single statement lasting as long
 * as its consumer would keep a server from checkpointing its log.
 */
function* pages<Line>(
  database: DatabaseSync,
  file: string,
  { from, where, values }: Conditions,
  { columns, line }: Shape<Line>,
): Generator<Line> {
  const { page, until } = wrapping(file, () => ({
    page: database.prepare(
      `SELECT seq, ${columns} FROM ledger WHERE ${where} AND seq > :after AND seq <= :newest ORDER BY seq LIMIT ${PAGE}`,
    ),
    until: Number(database.prepare('SELECT coalesce(max(seq), -1) AS seq FROM ledger').get()?.seq),
  }))
  // The only lower bound on `seq`: given two, SQLite may start each page at the wrong one.
  let after = from - 1
  while (after < until) {
    const rows = wrapping(file, () => page.all({ ...values, after, newest: until }))
    for (const row of rows) yield line(row)
    after = rows.length < PAGE ? until : Number(rows.at(-1)?.seq)
  }
}

const LABELS = PROMPT_CLASSES.map((name) => `'${name}'`).join(', ')

/** First finds the rows through the index on labels, then reads them page by page. */
function* labelledRows(
  database: DatabaseSync,
  file: string,
  { from, where, values }: Conditions,
): Generator<DecisionLine> {
  const find = `SELECT seq FROM ledger INDEXED BY ledger_labelled
    WHERE label IS NOT NULL AND label IN (${LABELS}) AND seq >= :from ORDER BY seq`
  const read = `SELECT ${DECISION_COLUMNS} FROM ledger WHERE seq IN (SELECT value FROM json_each(:seqs))
    AND label IS NOT NULL AND ${where} AND ${DECIDED} ORDER BY seq`
  const { seqs, page } = wrapping(file, () => ({
    seqs: database
      .prepare(find)
      .all({ from })
      .map(({ seq }) => Number(seq)),
    page: database.prepare(read),
  }))
  for (let first = 0; first < seqs.length; first += PAGE) {
    const some = JSON.stringify(seqs.slice(first, first + PAGE))
    for (const row of wrapping(file, () => page.all({ ...values, seqs: some }))) yield decisionLine(row)
  }
}
