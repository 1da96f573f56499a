import { fit } from './text-width.ts'

/** A cell's content before it is fitted to its column; `paint` then adds colour, which takes no width. */
export interface Cell {
  readonly text: string
  readonly paint?: (text: string) => string
}

export interface Column<Row> {
  readonly title: string
  /** Terminal columns; `rest` takes what the others leave and may be used once per table. */
  readonly width: number | 'rest'
  readonly align?: 'left' | 'right'
  cell(row: Row): Cell
}

const GAP = '  '
const LEAST_REST = 12

/** A table whose lines all take the same number of terminal columns, whatever the content. */
export class Table<Row> {
  readonly #columns: readonly Column<Row>[]
  readonly #widths: readonly number[]

  constructor(columns: readonly Column<Row>[], width: number) {
    const gaps = (columns.length - 1) * GAP.length
    const fixed = columns.reduce((sum, column) => sum + (column.width === 'rest' ? 0 : column.width), gaps)
    this.#columns = columns
    this.#widths = columns.map((column) =>
      column.width === 'rest' ? Math.max(LEAST_REST, width - fixed) : column.width,
    )
  }

  get width(): number {
    return this.#widths.reduce((sum, width) => sum + width, (this.#widths.length - 1) * GAP.length)
  }

  head(): string {
    return this.#join((column) => ({ text: column.title }))
  }

  line(row: Row): string {
    return this.#join((column) => column.cell(row))
  }

  #join(cellOf: (column: Column<Row>) => Cell): string {
    const cells = this.#columns.map((column, at) => {
      const { text, paint } = cellOf(column)
      const fitted = fit(text, this.#widths[at] ?? 0, column.align)
      return paint === undefined ? fitted : paint(fitted)
    })
    return cells.join(GAP)
  }
}
