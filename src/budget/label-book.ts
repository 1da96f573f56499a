import { z } from 'zod'
import { PROMPT_CLASSES, type PromptClass } from '../base/prompt-class.ts'

/** What somebody says about a row: its right class, nothing any more, or again what stood there before. */
export type Said = PromptClass | 'none' | 'undo'

export interface Labelling {
  readonly id: string
  readonly label: Said
  readonly who: string
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** A line of the audit: who changed the label of which row, and what stood there before. Null: no label. */
export const LabelEntry = z.object({
  at: z.number(),
  id: z.string(),
  before: z.enum(PROMPT_CLASSES).nullable(),
  label: z.enum(PROMPT_CLASSES).nullable(),
  who: z.string(),
})
export type LabelEntry = z.infer<typeof LabelEntry>

/** `no_row`: nobody knows the id. `nothing_to_undo`: the row was never labelled. */
export type Unlabelled = 'no_row' | 'nothing_to_undo'

/**
 * The labels of the ledger's rows, and an audit of them that is only ever appended to. Atomic: a row's label and the
 * line of the audit that tells of it. May be used beside servers that write to the same store. Rejects with a
 * `StoreError`.
 */
export interface LabelBook {
  label(labelling: Labelling): Promise<LabelEntry | Unlabelled>
  /** What was said of a row, the oldest first. It outlives the row. */
  entries(id: string): Promise<readonly LabelEntry[]>
  close(): Promise<void>
}

/** What a row's label becomes, given what stands there and the newest line of its audit. */
export function labelAfter(
  label: Said,
  newest: LabelEntry | undefined,
): PromptClass | null | 'nothing_to_undo' {
  if (label === 'none') return null
  if (label !== 'undo') return label
  return newest === undefined ? 'nothing_to_undo' : newest.before
}
