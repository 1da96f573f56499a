import { type LedgerLine, LINE_COLUMNS } from './line.ts'

export const ROW_FORMATS = ['ndjson', 'csv'] as const
export type RowFormat = (typeof ROW_FORMATS)[number]

/** The text before the first row. */
export function headText(format: RowFormat): string {
  return format === 'csv' ? csvRecord(LINE_COLUMNS) : ''
}

/** A row as one line of NDJSON, or one record of CSV. */
export function rowText(row: LedgerLine, format: RowFormat): string {
  return format === 'csv' ? csvRow(row) : `${JSON.stringify(row)}\n`
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

/**
 * Prefixes that spreadsheets read as a formula, including full-width forms and the bar: the text comes from
 * clients. Of these, our own numbers can only start with a minus.
 */
const FORMULA = /^[=+\-@\t\r＝＋－＠|]/

function csvField(value: unknown): string {
  if (typeof value !== 'string') return String(value)
  const harmless = FORMULA.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
