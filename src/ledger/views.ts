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
  /** An exact cause, or all of one kind: `rule:` matches every rule. */
  readonly cause?: string | undefined
  readonly confidenceMin?: number | undefined
  readonly confidenceMax?: number | undefined
  readonly model?: string | undefined
  readonly outcome?: Outcome | undefined
  readonly endpoint?: string | undefined
  /** `none`: unlabelled rows. */
  readonly label?: PromptClass | 'none' | undefined
  /** A substring of the stored prompt, case-insensitive. */
  readonly text?: string | undefined
  readonly since?: number | undefined
  readonly until?: number | undefined
}

/** Where a look ended. Opaque to callers. */
export type Cursor = string

/** The result of a look, newest first. */
export interface Look<Row> {
  readonly rows: readonly Row[]
  /** Where the next look continues; undefined when there is nothing more. */
  readonly next: Cursor | undefined
  /** Every matching row no older than this is among the rows. Milliseconds since the epoch. */
  readonly backTo: number
  /** False: time ran out before the look found as many rows as requested. */
  readonly complete: boolean
}

/** Sums and counts of ended requests, by steps of a window. */
export interface Counted {
  readonly shape: readonly ShapeLine[]
  readonly usage: readonly UsageLine[]
  /** Everything from this moment on is counted. Milliseconds since the epoch. */
  readonly countedFrom: number
  readonly complete: boolean
}

/** A window that starts and ends on whole hours. */
export interface CountWindow {
  readonly team?: string | undefined
  readonly from: number
  readonly until: number
  /** A whole number of hours, in milliseconds. */
  readonly stepMs: number
}

/** One row with its related data. */
export interface RowInFull {
  readonly row: LedgerLine
  readonly labels: readonly LabelEntry[]
  /** Nearby rows of the same conversation, oldest first. */
  readonly conversation: readonly ListedRow[]
}

/** A row worth labelling: see `WORTH` in `decision-line.ts`. */
export type WorthyRow = ListedRow & { readonly worth: number }

/** `since`: milliseconds since the epoch. */
export interface ReviewFilter {
  readonly team?: string | undefined
  readonly since: number
}

/** Prompt cache losses caused by conversations changing models, by class, over the newest rows. */
export interface CacheSample {
  /** How many rows were examined, and the time of the oldest. */
  readonly rows: number
  readonly from: number
  readonly lost: readonly CacheLoss[]
}

export interface CacheLoss {
  readonly class: PromptClass | null
  readonly target: string
  readonly switched: number
  /** Tokens of the previous turn that the new model had to read again. */
  readonly tokens: number
}

/** When a key was last used, in milliseconds since the epoch; to the hour if that row is no longer kept. */
export interface KeyUse {
  readonly key: string
  readonly at: number
}

/** Rows as text, oldest first, and where the next part starts. */
export interface ExportPart {
  readonly text: string
  readonly next: Cursor | undefined
}

/**
 * Reads the ledger for people, and takes their labels, beside the requests that write to it. No look blocks a
 * write, and each ends within a time budget with whatever it has found. Rejects with a `StoreError`, or with
 * `Busy` when too many looks are queued.
 */
export interface LedgerViews {
  /** Up to `limit` rows, from where an earlier look ended. Rejects with `BadCursor` for a made-up cursor. */
  list(filter: ListFilter, limit: number, cursor?: Cursor): Promise<Look<ListedRow>>
  /** A row with its labels and the conversation around it; undefined for an unknown id. */
  row(id: string): Promise<RowInFull | undefined>
  /**
   * Counts the requests that came in a window and have ended, for each of its steps. Money in nano-dollars.
   */
  count(window: CountWindow): Promise<Counted>
  /** What the prompt cache lost, over the newest rows. */
  cacheSample(filter: Pick<ListFilter, 'team' | 'since'>): Promise<CacheSample>
  /**
   * Every decided, unlabelled row, most worth labelling first. A file ranks only the top rows of each hour
   * and team, more than a person can label; the others follow, newest first.
   */
  review(filter: ReviewFilter, limit: number, cursor?: Cursor): Promise<Look<WorthyRow>>
  /** Labelled rows that the classifier had decided, grouped by what they have in common. */
  labelled(filter: Pick<ListFilter, 'team' | 'since'>): Promise<{
    readonly groups: readonly LabelledGroup[]
    readonly complete: boolean
  }>
  /** Atomic: the label and its audit line. */
  label(labelling: Labelling): Promise<LabelEntry | Unlabelled>
  /** The label history of a row, oldest first. It outlives the row. */
  labels(id: string): Promise<readonly LabelEntry[]>
  /** Every key of a team that was ever used, by name. */
  keyUses(team: string): Promise<readonly KeyUse[]>
  /** What groups of requests used and cost, in nano-dollars, ordered by group: see `LedgerReader.spend`. */
  spend(by: Grouping, filter: SpendFilter): Promise<readonly SpendLine[]>
  /** Rows of a list as text, oldest first. Call again with `next` until it is absent. */
  export(filter: ListFilter, format: RowFormat, cursor?: Cursor): Promise<ExportPart>
  /** Stored rows that ended after a moment, including those of other replicas. */
  ended(since: number): Promise<readonly ListedRow[]>
  close(): Promise<void>
}

/** Too many looks are already queued. */
export class Busy extends Error {
  override readonly name = 'Busy'
}

/** A cursor that was never issued. */
export class BadCursor extends Error {
  override readonly name = 'BadCursor'
}

/** Time budget of one look, in milliseconds. A page takes somewhat longer than this. */
export const LOOK_MS = 80
