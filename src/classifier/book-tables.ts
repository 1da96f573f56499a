import { createHash } from 'node:crypto'
import { type PatternTable, tabulate } from './patterns/pattern-set.ts'
import { tabulateWhole, type WholeTable } from './patterns/whole-set.ts'
import type { RuleBook, Thresholds } from './rule.ts'

/** What compiling a rule book comes to, as plain data: nearly all the time that making a classifier takes. */
export interface BookTables {
  /** Hash of the rule book, twelve hex digits. */
  readonly version: string
  readonly rules: PatternTable
  /** Of the `follow_ups`, each language a list. */
  readonly followUps: WholeTable
}

/** Tables go with the book they were made of: of one book they are made once, whoever asks for them. */
const made = new WeakMap<RuleBook, BookTables>()

/** Compiles a book, unless that has been done. Throws a `PatternError`. */
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

/** The same rules under other thresholds: they are not compiled again. Throws a `PatternError`. */
export function withThresholds(book: RuleBook, thresholds: Thresholds): RuleBook {
  const other = { ...book, thresholds: { ...book.thresholds, ...thresholds } }
  made.set(other, { ...tablesOf(book), version: versionOf(other) })
  return other
}

function versionOf(book: RuleBook): string {
  return createHash('sha256').update(JSON.stringify(book)).digest('hex').slice(0, 12)
}

/** Gives a book the tables that were made of the very same one elsewhere: in another thread, or an earlier process. */
export function adoptTables(book: RuleBook, tables: BookTables): void {
  made.set(book, tables)
}
