import { z } from 'zod'
import type { PromptClass } from '../base/prompt-class.ts'
import type { DecisionLine } from './decision-line.ts'
import type { Examination } from './examination.ts'
import type { LedgerLine } from './line.ts'
import type { Outcome } from './row.ts'

/** Selects rows. Times in milliseconds since the epoch, `until` excluded. */
export interface RowFilter {
  readonly team?: string | undefined
  readonly class?: PromptClass | undefined
  readonly outcome?: Outcome | undefined
  readonly since?: number | undefined
  readonly until?: number | undefined
  /** Only rows before the row with this id, in the reader's order: the next page of a list. */
  readonly before?: string | undefined
}

/** Sums are kept by team, key and time, not by outcome. A key is one of its team's. */
export interface SpendFilter extends Pick<RowFilter, 'team' | 'since' | 'until'> {
  readonly key?: string | undefined
}

const GROUPINGS = ['team', 'key', 'model', 'class', 'day'] as const
export type Grouping = (typeof GROUPINGS)[number]

/** Whether a text from outside names a grouping. */
export function isGrouping(text: string): text is Grouping {
  return (GROUPINGS as readonly string[]).includes(text)
}

/**
 * What a group of requests used and cost. Without a known baseline, the amount paid stands in for it: no
 * savings.
 */
export const SpendLine = z.object({
  group: z.string(),
  requests: z.number(),
  input_tokens: z.number(),
  output_tokens: z.number(),
  cost_nusd: z.number(),
  baseline_nusd: z.number(),
})
export type SpendLine = z.infer<typeof SpendLine>

/** Reads a ledger while servers may be writing to it. Every method may throw a `StoreError`. */
export interface LedgerReader {
  row(id: string): LedgerLine | undefined | Promise<LedgerLine | undefined>
  /** Oldest first; with a limit, only the latest that many. Read lazily. */
  rows(filter: RowFilter, limit?: number): Iterable<LedgerLine> | AsyncIterable<LedgerLine>
  /** The subset of rows that the classifier decided, oldest first. Read lazily. */
  decisions(filter: RowFilter): Iterable<DecisionLine> | AsyncIterable<DecisionLine>
  /**
   * The subset of those that have been labelled, oldest first. Uses an index, so unlabelled rows cost
   * nothing.
   */
  labelled(filter: RowFilter): Iterable<DecisionLine> | AsyncIterable<DecisionLine>
  /** Ordered by group. Where rows have been deleted, covers whole hours: see `countable`. */
  spend(by: Grouping, filter: SpendFilter): readonly SpendLine[] | Promise<readonly SpendLine[]>
  /** The time from which rows are kept, in milliseconds since the epoch; 0 if none has ever been deleted. */
  keptSince(): number | Promise<number>
  /** Reads everything: is the store intact, and does every sum match its rows? */
  examine(): Examination | Promise<Examination>
  close(): void | Promise<void>
}
