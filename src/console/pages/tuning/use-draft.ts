import { useSessionStorage } from '@mantine/hooks'
import type { Tuning } from '../../../admin/api/answers/tuning.ts'
import type { PromptClass } from '../../../base/prompt-class.ts'

/** Rules and thresholds being edited, kept in the browser tab until saved or discarded. */
export interface Draft {
  /** The candidate it is based on; null: what is live. */
  readonly base: string | null
  readonly baseText: string
  readonly text: string
  readonly abstainBelow: number
  readonly abstainTo: PromptClass
  /** The thresholds it started with. */
  readonly baseThresholds: Tuning['thresholds']
  /** The id of the last replay. */
  readonly replay: string | null
}

export interface DraftEditor {
  readonly draft: Draft
  readonly isChanged: boolean
  change(part: Partial<Draft>): void
  /** Starts over with this text and these thresholds. */
  begin(base: string | null, text: string, thresholds: Tuning['thresholds']): void
}

/** A draft whose rules were never edited follows what is live. */
export function useDraft({ thresholds, rules }: Tuning): DraftEditor {
  const [kept, keep] = useSessionStorage<Draft | null>({
    key: 'trivium-draft-2',
    defaultValue: null,
    getInitialValueInEffect: false,
  })
  const fresh = (base: string | null, text: string, { abstain_below, abstain_to } = thresholds): Draft => ({
    base,
    baseText: text,
    text,
    abstainBelow: abstain_below,
    abstainTo: abstain_to,
    baseThresholds: { abstain_below, abstain_to },
    replay: null,
  })
  const draftOf = (kept: Draft | null): Draft => {
    const begun = kept ?? fresh(null, rules)
    const isUntouched = begun.base === null && begun.text === begun.baseText && !hasOtherThresholds(begun)
    return isUntouched ? { ...fresh(null, rules), replay: begun.replay } : begun
  }
  const draft = draftOf(kept)
  return {
    draft,
    isChanged: draft.text !== draft.baseText || hasOtherThresholds(draft),
    // Based on the stored draft rather than the last render: a response may arrive between two keystrokes.
    change: (part) => keep((now) => ({ ...draftOf(now), ...part })),
    begin: (base, text, thresholds) => keep(fresh(base, text, thresholds)),
  }
}

export function hasOtherThresholds({ abstainBelow, abstainTo, baseThresholds }: Draft): boolean {
  return abstainBelow !== baseThresholds.abstain_below || abstainTo !== baseThresholds.abstain_to
}
