import { MOST } from '../../../base/money.ts'
import { SHAPE_KEY, USAGE_KEY, USAGE_SUMS } from '../../counted.ts'

/** What a pair of tables counts, by hour and by day. */
export interface CountTable {
  readonly name: 'usage' | 'shape'
  readonly key: string
  readonly sums: readonly string[]
}

export const USAGE: CountTable = {
  name: 'usage',
  key: USAGE_KEY,
  sums: ['requests', ...Object.keys(USAGE_SUMS)],
}
export const SHAPE: CountTable = { name: 'shape', key: SHAPE_KEY, sums: ['requests', 'total'] }

/** Sums are clamped to the largest exact integer. */
function bounded(expression: string): string {
  return `least(sum(${expression}), ${MOST})`
}

/** SQL: the sums over a group of lines, under their own names. */
export function summed(sums: readonly string[]): string {
  return sums.map((sum) => `${bounded(sum)}::bigint AS ${sum}`).join(', ')
}

/** SQL: whether anything changes, so that a correction without effect adds no line. */
function isChange(sums: readonly string[]): string {
  return sums.map((sum) => `${sum} <> 0`).join(' OR ')
}

/**
 * SQL: adds the lines that `source` selects (team, span, key, sums) to those of a table. Written in key
 * order, so that concurrent statements cannot deadlock.
 */
export function adding(table: string, { key, sums }: CountTable, source: string): string {
  const added = sums.map((sum) => `${sum} = least(${MOST}, known.${sum} + excluded.${sum})`)
  return `INSERT INTO ${table} AS known (team, span, ${key}, ${sums})
    SELECT team, span, ${key}, ${sums} FROM (${source}) AS counted WHERE ${isChange(sums)} ORDER BY span, team, ${key}
    ON CONFLICT (span, team, ${key}) DO UPDATE SET ${added}`
}
