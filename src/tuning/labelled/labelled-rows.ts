import { isPromptClass, type PromptClass } from '../../base/prompt-class.ts'
import { type KeptPrompt, parseKept } from '../../capture/kept-prompt.ts'
import type { LedgerReader, RowFilter } from '../../ledger/reader.ts'

/** A labelled request of which enough was kept to judge it again. */
export interface LabelledRow {
  readonly id: string
  readonly team: string
  readonly label: PromptClass
  readonly kept: KeptPrompt
  /** The same, as stored in the row. */
  readonly prompt: string
}

/** Labelled rows of a ledger. */
export interface LabelledRows {
  readonly rows: readonly LabelledRow[]
  /** Labelled rows without a kept prompt: useless for training and for trials. */
  readonly forgotten: number
}

/** Reads labelled rows, oldest first. Throws what the reader throws. */
export async function readLabelledRows(reader: LedgerReader, filter: RowFilter): Promise<LabelledRows> {
  const rows: LabelledRow[] = []
  let forgotten = 0
  for await (const { id, team, label, prompt } of reader.labelled(filter)) {
    if (label === null || !isPromptClass(label)) continue
    const kept = prompt === null ? undefined : parseKept(prompt)
    if (prompt === null || kept === undefined) forgotten += 1
    else rows.push({ id, team, label, kept, prompt })
  }
  return { rows, forgotten }
}
