import { isPromptClass, type PromptClass } from '../base/prompt-class.ts'
import type { LedgerLine } from '../budget/line.ts'
import type { LedgerReader, RowFilter } from '../budget/reader.ts'
import type { LabelledPrompt } from './labelled-prompts.ts'

/** Labelled rows of a ledger, as far as words were kept of them. */
export interface LabelledRows {
  readonly prompts: readonly LabelledPrompt[]
  /** Labelled rows without words: nothing can be learnt from them, nor tried on them. */
  readonly wordless: number
}

/** Reads what people have labelled. Throws what the reader throws. */
export async function readLabelledRows(reader: LedgerReader, filter: RowFilter): Promise<LabelledRows> {
  const prompts: LabelledPrompt[] = []
  let wordless = 0
  for await (const line of reader.rows(filter)) {
    const label = labelOf(line)
    if (label === undefined) continue
    if (line.prompt === null || line.prompt === '') wordless += 1
    else
      prompts.push({
        id: line.id,
        label,
        messages: [{ role: 'user', content: line.prompt }],
        source: `log_${line.team}`,
        lang: 'unknown',
      })
  }
  return { prompts, wordless }
}

function labelOf({ label }: LedgerLine): PromptClass | undefined {
  return label === null ? undefined : isPromptClass(label) ? label : undefined
}
