import type { PromptClass } from '../../base/prompt-class.ts'

interface ClassLook {
  readonly name: string
  /** For narrow columns. */
  readonly short: string
  /** A CSS colour for both grounds. */
  readonly colour: string
}

/** How a class is written and drawn, everywhere the same. `none`: it was forwarded without one. */
export const CLASS_LOOKS: Readonly<Record<PromptClass | 'none', ClassLook>> = {
  stem_reasoning: { name: 'STEM reasoning', short: 'STEM', colour: 'var(--stem)' },
  factual_recall: { name: 'Factual recall', short: 'Fact', colour: 'var(--fact)' },
  language_heavy: { name: 'Language-heavy', short: 'Language', colour: 'var(--language)' },
  none: { name: 'Not classified', short: 'None', colour: 'var(--unclassified)' },
}
