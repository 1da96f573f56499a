import { MOST } from '../../base/money.ts'

/**
 * SQL for a sum of non-negative values: exact up to `MOST` and clamped to it, at which point any budget is
 * exhausted. Never SQLite's own `sum`, which fails beyond 64 bits: a store that contains absurd costs must
 * still open. `filter` narrows the rows.
 */
export function boundedSum(expression: string, filter?: string): string {
  const total = `total(${expression})${filter === undefined ? '' : ` FILTER (WHERE ${filter})`}`
  return `CAST(min(${total}, ${MOST}) AS INTEGER)`
}
