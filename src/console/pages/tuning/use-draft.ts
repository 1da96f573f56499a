import { useSessionStorage } from '@mantine/hooks'
import type { Tuning } from '../../../admin/api/answers/tuning.ts'
import type { PromptClass } from '../../../base/prompt-class.ts'

/** Rules and thresholds that somebody works on, kept by the browser's tab until they are saved or given up. */
export interface Draft {
  /** The candidate it began as; null: what is live. */
  readonly base: string | null
  readonly baseText: string
  readonly text: string
  readonly abstainBelow: number
  readonly abstainTo: PromptClass
  /** The thresholds it began with. */
  readonly baseThresholds: Tuning['thresholds']
  /** The replay that was asked for last. */
  readonly replay: string | null
}

export interface DraftDesk {
  readonly draft: Draft
  readonly isChanged: boolean
  change(part: Partial<Draft>): void
  /** Begins again with this text and these thresholds. */
  begin(base: string | null, text: string, thresholds: Tuning['thresholds']): void
}

/** A draft whose rules were never touched follows what is live. */
export function useDraft({ thresholds, rules }: Tuning): DraftDesk {
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
    // What is kept now, not what was drawn last: an answer may come between two keystrokes.
    change: (part) => keep((now) => ({ ...draftOf(now), ...part })),
    begin: (base, text, thresholds) => keep(fresh(base, text, thresholds)),
  }
}

export function hasOtherThresholds({ abstainBelow, abstainTo, baseThresholds }: Draft): boolean {
  return abstainBelow !== baseThresholds.abstain_below || abstainTo !== baseThresholds.abstain_to
}
