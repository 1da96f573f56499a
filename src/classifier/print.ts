import { createHash } from 'node:crypto'
import type { Rule, RuleBook } from './rule.ts'

/** 32 bits of a hash: tells whether two things are the same, without keeping them. */
type Print = number

/** The lists by which turns are read. */
export interface ListPrints {
  /** Of what programs wrap around words. */
  readonly scaffolding: Print
  /** Of how people go on about what was asked. */
  readonly followUps: Print
}

/** What a record of a request was read by; where these are the same, reading again would give the same. */
export interface BookPrints extends ListPrints {
  /** Of what each rule looks for, in the order they are written: its weight and class have no say. */
  readonly rules: readonly Print[]
  /** Of all rules together, whatever their order. */
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

/** What a rule looks for: the same patterns find the same, under whatever name. */
function printOfRule({ patterns }: Rule): Print {
  return printOf(patterns)
}

function printOf(value: unknown): Print {
  return createHash('sha256').update(JSON.stringify(value)).digest().readUInt32BE(0)
}
