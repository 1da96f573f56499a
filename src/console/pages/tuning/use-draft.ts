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
  /** The replay that was asked for last. */
  readonly replay: string | null
}

export interface DraftDesk {
  readonly draft: Draft
  readonly isChanged: boolean
  change(part: Partial<Draft>): void
  /** Begins again with this text. */
  begin(base: string | null, text: string): void
}

/** A draft whose rules were never touched follows what is live. */
export function useDraft({ thresholds, rules }: Tuning): DraftDesk {
  const [kept, keep] = useSessionStorage<Draft | null>({
    key: 'trivium-draft',
    defaultValue: null,
    getInitialValueInEffect: false,
  })
  const fresh = (base: string | null, text: string): Draft => ({
    base,
    baseText: text,
    text,
    abstainBelow: thresholds.abstain_below,
    abstainTo: thresholds.abstain_to,
    replay: null,
  })
  const draftOf = (kept: Draft | null): Draft => {
    const begun = kept ?? fresh(null, rules)
    const isUntouched = begun.base === null && begun.text === begun.baseText
    return isUntouched ? { ...begun, text: rules, baseText: rules } : begun
  }
  const draft = draftOf(kept)
  return {
    draft,
    isChanged: draft.text !== draft.baseText,
    // What is kept now, not what was drawn last: an answer may come between two keystrokes.
    change: (part) => keep((now) => ({ ...draftOf(now), ...part })),
    begin: (base, text) => keep(fresh(base, text)),
  }
}
