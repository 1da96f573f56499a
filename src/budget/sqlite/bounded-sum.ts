import { MOST } from '../../base/money.ts'

/**
 * SQL that sums what is not negative: exact up to `MOST`, and `MOST` beyond, where a budget is spent whatever its
 * limit. Never SQLite's own `sum`, which fails on what 64 bits do not hold: a store with absurd costs in it must still
 * open. `filter` narrows the rows.
 */
export function boundedSum(expression: string, filter?: string): string {
  const total = `total(${expression})${filter === undefined ? '' : ` FILTER (WHERE ${filter})`}`
  return `CAST(min(${total}, ${MOST}) AS INTEGER)`
}
