import { printable } from './printable.ts'

/** A column: its heading, and whether its cells are numbers and so right-aligned. */
export interface Column {
  readonly heading: string
  readonly right?: boolean
}

/**
 * The lines of a plain table: headings, a rule, rows. Each column is as wide as its widest cell, and a cell
 * is always one line.
 */
export function formatTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const shown = rows.map((row) => row.map(printable))
  const widths = columns.map(({ heading }, index) =>
    Math.max(heading.length, ...shown.map((row) => (row[index] ?? '').length)),
  )
  const line = (cells: readonly string[]) =>
    columns
      .map(({ right }, index) => {
        const cell = cells[index] ?? ''
        const width = widths[index] ?? 0
        return right === true ? cell.padStart(width) : cell.padEnd(width)
      })
      .join('  ')
      .trimEnd()
  const rule = widths.map((width) => '─'.repeat(width)).join('  ')
  return `${[line(columns.map(({ heading }) => heading)), rule, ...shown.map(line)].join('\n')}\n`
}
