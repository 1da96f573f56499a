import { createHash } from 'node:crypto'
import { type PatternTable, tabulate } from './patterns/pattern-set.ts'
import { tabulateWhole, type WholeTable } from './patterns/whole-set.ts'
import type { RuleBook, Thresholds } from './rule.ts'

/** A compiled rule book as plain data. Compiling takes nearly all of the time to create a classifier. */
export interface BookTables {
  /** Hash of the rule book, twelve hex digits. */
  readonly version: string
  readonly rules: PatternTable
  /** For the `follow_ups`: one list per language. */
  readonly followUps: WholeTable
}

/** Tables cached per book, so that each book is compiled once, whoever asks. */
const made = new WeakMap<RuleBook, BookTables>()

/** Compiles a book, or returns its cached tables. Throws a `PatternError`. */
export function tablesOf(book: RuleBook): BookTables {
  const before = made.get(book)
  if (before !== undefined) return before
  const tables = {
    version: versionOf(book),
    rules: tabulate(book.rules.flatMap(({ patterns }) => patterns)),
    followUps: tabulateWhole(book.follow_ups.map(({ patterns }) => patterns)),
  }
  made.set(book, tables)
  return tables
}

/** The same rules with other thresholds, without recompiling. Throws a `PatternError`. */
export function withThresholds(book: RuleBook, thresholds: Thresholds): RuleBook {
  const other = { ...book, thresholds: { ...book.thresholds, ...thresholds } }
  made.set(other, { ...tablesOf(book), version: versionOf(other) })
  return other
}

function versionOf(book: RuleBook): string {
  return createHash('sha256').update(JSON.stringify(book)).digest('hex').slice(0, 12)
}

/** Gives a book the tables compiled from an identical one in another thread or an earlier process. */
export function adoptTables(book: RuleBook, tables: BookTables): void {
  made.set(book, tables)
}
