import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type LedgerLine, LINE_COLUMNS } from '../budget/line.ts'
import type { Io } from './command.ts'

export const ROW_FORMATS = ['ndjson', 'csv'] as const
export type RowFormat = (typeof ROW_FORMATS)[number]

type Rows = Iterable<LedgerLine> | AsyncIterable<LedgerLine>

/** Large enough that a write costs little beside its rows. Characters. */
const CHUNK = 64 * 1024

/** The text of rows as one comes after the other, in chunks. */
export async function* rowText(rows: Rows, format: RowFormat): AsyncGenerator<string> {
  let chunk = format === 'csv' ? csvRecord(LINE_COLUMNS) : ''
  for await (const row of rows) {
    chunk += format === 'csv' ? csvRow(row) : `${JSON.stringify(row)}\n`
    if (chunk.length < CHUNK) continue
    yield chunk
    chunk = ''
  }
  if (chunk !== '') yield chunk
}

/** Rows are read as the terminal or the pipe takes them: a ledger is larger than memory. */
export async function printRows(rows: Rows, format: RowFormat, { stdout }: Io): Promise<void> {
  try {
    await pipeline(Readable.from(rowText(rows, format)), stdout, { end: false })
  } catch (error) {
    // The reader of the pipe has seen enough, as `head` does.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPIPE')) throw error
  }
}

function csvRow(row: LedgerLine): string {
  return csvRecord(
    Object.values(row).map((value) => {
      if (value === null) return ''
      return typeof value === 'object' ? JSON.stringify(value) : value
    }),
  )
}

/** One record of RFC 4180. Nulls are empty fields. */
function csvRecord(fields: readonly unknown[]): string {
  return `${fields.map(csvField).join(',')}\r\n`
}

/** What a spreadsheet takes for a formula: texts come from clients. A number of ours begins with none of these but a minus. */
const FORMULA = /^[=+\-@\t\r]/

function csvField(value: unknown): string {
  if (typeof value !== 'string') return String(value)
  const harmless = FORMULA.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
