import type { PromptClass } from '../base/prompt-class.ts'
import type { ShapeLine, UsageLine } from './counted.ts'
import type { LabelEntry, Labelling, Unlabelled } from './label-book.ts'
import type { LabelledGroup } from './labelled-group.ts'
import type { LedgerLine } from './line.ts'
import type { ListedRow } from './listed-row.ts'
import type { Grouping, SpendFilter, SpendLine } from './reader.ts'
import type { Outcome } from './row.ts'
import type { RowFormat } from './row-text.ts'

/** Which rows a list shows. Times in milliseconds since the epoch, `until` excluded. */
export interface ListFilter {
  readonly team?: string | undefined
  readonly key?: string | undefined
  readonly class?: PromptClass | undefined
  /** Exactly this one, or all of a kind: `rule:` finds every rule. */
  readonly cause?: string | undefined
  readonly confidenceMin?: number | undefined
  readonly confidenceMax?: number | undefined
  readonly model?: string | undefined
  readonly outcome?: Outcome | undefined
  readonly endpoint?: string | undefined
  /** `none`: rows that nobody has labelled. */
  readonly label?: PromptClass | 'none' | undefined
  /** Stands in what was kept of the prompt, whatever its case. */
  readonly text?: string | undefined
  readonly since?: number | undefined
  readonly until?: number | undefined
}

/** Where a look ended. Opaque to whoever asks. */
export type Cursor = string

/** What a look has found, newest first. */
export interface Look<Row> {
  readonly rows: readonly Row[]
  /** Where the next look goes on; undefined where there is nothing more. */
  readonly next: Cursor | undefined
  /** All that match and are not older are among the rows. Milliseconds since the epoch. */
  readonly backTo: number
  /** False: the time was up before the look had found as many as it was asked for. */
  readonly complete: boolean
}

/** Sums and counts by steps of a window, of requests that have ended. */
export interface Counted {
  readonly shape: readonly ShapeLine[]
  readonly usage: readonly UsageLine[]
  /** All that came since then is counted. Milliseconds since the epoch. */
  readonly countedFrom: number
  readonly complete: boolean
}

/** A window that begins and ends with whole hours. */
export interface CountWindow {
  readonly team?: string | undefined
  readonly from: number
  readonly until: number
  /** A whole number of hours, milliseconds. */
  readonly stepMs: number
}

/** One row with what belongs to it. */
export interface RowInFull {
  readonly row: LedgerLine
  readonly labels: readonly LabelEntry[]
  /** Other rows of its conversation nearby, the oldest first. */
  readonly conversation: readonly ListedRow[]
}

/** A row that is worth a label: see `WORTH` in `decision-line.ts`. */
export type WorthyRow = ListedRow & { readonly worth: number }

export interface ReviewFilter {
  readonly team?: string | undefined
  readonly since: number
}

/** What prompt caches lost because conversations changed models, by class, over the newest rows. */
export interface CacheSample {
  /** How many rows were looked at, and since when they came. */
  readonly rows: number
  readonly from: number
  readonly lost: readonly CacheLoss[]
}

export interface CacheLoss {
  readonly class: PromptClass | null
  readonly target: string
  readonly switched: number
  /** Tokens of the turn before that the new model had to read anew. */
  readonly tokens: number
}

/** When a request of a key came last, milliseconds since the epoch; to the hour where that row is no longer kept. */
export interface KeyUse {
  readonly key: string
  readonly at: number
}

/** Rows as text, oldest first, and where the next part begins. */
export interface ExportPart {
  readonly text: string
  readonly next: Cursor | undefined
}

/**
 * Looks into a ledger for people, beside the requests that write to it: no look holds one up, and each ends within a
 * time budget, with what it has found by then. Rejects with a `StoreError`, or with `Busy` when too many wait.
 */
export interface LedgerViews {
  list(filter: ListFilter, limit: number, cursor?: Cursor): Promise<Look<ListedRow>>
  row(id: string): Promise<RowInFull | undefined>
  count(window: CountWindow): Promise<Counted>
  cacheSample(filter: Pick<ListFilter, 'team' | 'since'>): Promise<CacheSample>
  /**
   * Every row that was decided and nobody has labelled, the most worthy first. A file puts the worthiest of each hour and
   * team in order, more than a person labels, and has the others follow, the newest first.
   */
  review(filter: ReviewFilter, limit: number, cursor?: Cursor): Promise<Look<WorthyRow>>
  /** Labelled rows that the classifier had decided, by what they have in common. */
  labelled(filter: Pick<ListFilter, 'team' | 'since'>): Promise<{
    readonly groups: readonly LabelledGroup[]
    readonly complete: boolean
  }>
  /** Atomic: the label and its line in the audit. */
  label(labelling: Labelling): Promise<LabelEntry | Unlabelled>
  labels(id: string): Promise<readonly LabelEntry[]>
  /** Of every key of a team that was ever used, by its name. */
  keyUses(team: string): Promise<readonly KeyUse[]>
  spend(by: Grouping, filter: SpendFilter): Promise<readonly SpendLine[]>
  /** Rows of a list as text, from the oldest on; to be called again with `next` until there is none. */
  export(filter: ListFilter, format: RowFormat, cursor?: Cursor): Promise<ExportPart>
  /** Rows that have ended since a moment, as far as they are in the store: those of other replicas too. */
  ended(since: number): Promise<readonly ListedRow[]>
  close(): Promise<void>
}

/** Too many looks are waiting already. */
export class Busy extends Error {
  override readonly name = 'Busy'
}

/** A cursor that no answer has given out. */
export class BadCursor extends Error {
  override readonly name = 'BadCursor'
}

/** How long a look may take, in milliseconds: what a page waits for is more than this. */
export const LOOK_MS = 80
