import { z } from 'zod'
import { PROMPT_CLASSES, type PromptClass } from '../base/prompt-class.ts'

/** A labelling of a row: its correct class, no label, or back to the previous label. */
export type Said = PromptClass | 'none' | 'undo'

/** A label given by a person. */
export interface Labelling {
  readonly id: string
  readonly label: Said
  readonly who: string
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** An audit line: who changed which row's label, and the label before. Null: no label. */
export const LabelEntry = z.object({
  at: z.number(),
  id: z.string(),
  before: z.enum(PROMPT_CLASSES).nullable(),
  label: z.enum(PROMPT_CLASSES).nullable(),
  who: z.string(),
})
export type LabelEntry = z.infer<typeof LabelEntry>

/** `no_row`: unknown id. `nothing_to_undo`: the row was never labelled. */
export type Unlabelled = 'no_row' | 'nothing_to_undo'

/**
 * The labels of the ledger's rows, with an append-only audit. Atomic: a row's label and its audit line. Safe
 * to use beside servers that write to the same store. Rejects with a `StoreError`.
 */
export interface LabelBook {
  label(labelling: Labelling): Promise<LabelEntry | Unlabelled>
  /** The label history of a row, oldest first. It outlives the row. */
  entries(id: string): Promise<readonly LabelEntry[]>
  close(): Promise<void>
}

/** The row's new label, given the requested change and the newest line of its audit. */
export function labelAfter(
  label: Said,
  newest: LabelEntry | undefined,
): PromptClass | null | 'nothing_to_undo' {
  if (label === 'none') return null
  if (label !== 'undo') return label
  return newest === undefined ? 'nothing_to_undo' : newest.before
}
