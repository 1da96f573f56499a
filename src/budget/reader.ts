import { z } from 'zod'
import type { PromptClass } from '../base/prompt-class.ts'
import type { DecisionLine } from './decision-line.ts'
import type { Examination } from './examination.ts'
import type { LedgerLine } from './line.ts'
import type { Outcome } from './row.ts'

/** Which rows are meant; times in milliseconds since the epoch, `until` excluded. */
export interface RowFilter {
  readonly team?: string | undefined
  readonly class?: PromptClass | undefined
  readonly outcome?: Outcome | undefined
  readonly since?: number | undefined
  readonly until?: number | undefined
  /** Only rows that come before the row of this id, as the reader orders them: the next page of a list. */
  readonly before?: string | undefined
}

/** Sums are kept by team, key and time, not by how requests ended. A key is one of its team's. */
export interface SpendFilter extends Pick<RowFilter, 'team' | 'since' | 'until'> {
  readonly key?: string | undefined
}

export const GROUPINGS = ['team', 'key', 'model', 'class', 'day'] as const
export type Grouping = (typeof GROUPINGS)[number]

export function isGrouping(text: string): text is Grouping {
  return (GROUPINGS as readonly string[]).includes(text)
}

/** What a group of requests used and cost. Where no baseline is known, what was paid stands for it: no savings. */
export const SpendLine = z.object({
  group: z.string(),
  requests: z.number(),
  input_tokens: z.number(),
  output_tokens: z.number(),
  cost_nusd: z.number(),
  baseline_nusd: z.number(),
})
export type SpendLine = z.infer<typeof SpendLine>

/** Looks into a ledger while servers may be writing to it. Every answer may throw a `StoreError`. */
export interface LedgerReader {
  row(id: string): LedgerLine | undefined | Promise<LedgerLine | undefined>
  /** Oldest first; with a limit, the latest so many. Read as they are asked for. */
  rows(filter: RowFilter, limit?: number): Iterable<LedgerLine> | AsyncIterable<LedgerLine>
  /** The rows among them that the classifier decided, oldest first. Read as they are asked for. */
  decisions(filter: RowFilter): Iterable<DecisionLine> | AsyncIterable<DecisionLine>
  /** Of those, the rows that somebody has labelled, oldest first: found by an index, however many others there are. */
  labelled(filter: RowFilter): Iterable<DecisionLine> | AsyncIterable<DecisionLine>
  /** Ordered by group. Of a time whose rows are deleted, whole hours: see `countable`. */
  spend(by: Grouping, filter: SpendFilter): readonly SpendLine[] | Promise<readonly SpendLine[]>
  /** Since when rows are kept, milliseconds since the epoch; 0 where none was ever deleted. */
  keptSince(): number | Promise<number>
  /** Reads everything: is the store whole, is every sum that of its rows? */
  examine(): Examination | Promise<Examination>
  close(): void | Promise<void>
}
