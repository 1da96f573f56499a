import { createHash } from 'node:crypto'
import type { Rule, RuleBook } from './rule.ts'

/** 32 bits of a hash, to compare two things without keeping them. */
type Print = number

/** The lists that determine how turns are read. */
export interface ListPrints {
  /** Of the scaffolding lists: what programs wrap around words. */
  readonly scaffolding: Print
  /** Of the follow-up lists: how people continue earlier asks. */
  readonly followUps: Print
}

/** Identifies what a request was recorded with: equal prints guarantee that rereading it gives the same. */
export interface BookPrints extends ListPrints {
  /** Of each rule's patterns, in file order; weight and class do not matter. */
  readonly rules: readonly Print[]
  /** Of all rules together, regardless of their order. */
  readonly hits: Print
}

export function printsOf({ rules, follow_ups, scaffolding }: RuleBook): BookPrints {
  const prints = rules.map(printOfRule)
  return {
    scaffolding: printOf(scaffolding),
    followUps: printOf(follow_ups.map((one) => [one.fillers, one.alone, one.openings, one.patterns])),
    rules: prints,
    hits: printOf([...new Set(prints)].sort((a, b) => a - b)),
  }
}

/** Covers only a rule's patterns: the same patterns find the same, whatever the rule's name. */
function printOfRule({ patterns }: Rule): Print {
  return printOf(patterns)
}

function printOf(value: unknown): Print {
  return createHash('sha256').update(JSON.stringify(value)).digest().readUInt32BE(0)
}
