import { tablesOf } from './book-tables.ts'
import { placeOf } from './model/calibration.ts'
import { createFinder } from './patterns/pattern-set.ts'
import { plainly } from './patterns/spelling.ts'
import type { Rule, RuleBook } from './rule.ts'
import type { PerClass } from './verdict.ts'

/** What a deciding rule adds beyond its weight: more than n-grams and other rules can sum to. */
const DECISIVE = 100

/** The rules' half of a verdict. */
export interface Rules {
  /** Hash of the rule book, twelve hex digits. */
  readonly version: string
  /** The rules that fire on a text, in file order. */
  fired(text: string): readonly Rule[]
}

/** Log-odds a rule adds to its class. */
export function weightOf(rule: Rule): number {
  return rule.decide ? rule.weight + DECISIVE : rule.weight
}

/** The sum of what the fired rules add to each class. */
export function sumOf(fired: readonly Rule[]): PerClass {
  const sums: [number, number, number] = [0, 0, 0]
  for (const rule of fired) sums[placeOf(rule.class)] += weightOf(rule)
  return sums
}

/** Compiles all patterns into one automaton. Throws a `PatternError`. */
export function compileRules(book: RuleBook): Rules {
  const owners = book.rules.flatMap((rule, index) => rule.patterns.map(() => index))
  const tables = tablesOf(book)
  const patterns = book.rules.flatMap((rule) => rule.patterns)
  const find = createFinder(patterns, tables.rules, plainly)
  const none: readonly Rule[] = []

  function fired(text: string): readonly Rule[] {
    const found = find(text)
    if (found.length === 0) return none
    const indexes = [...new Set(found.map((pattern) => owners[pattern] ?? 0))].sort((a, b) => a - b)
    return indexes.flatMap((index) => book.rules[index] ?? [])
  }

  return { version: tables.version, fired }
}
