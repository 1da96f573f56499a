import type { PromptClass } from '../../base/prompt-class.ts'

interface ClassLook {
  readonly name: string
  /** For narrow columns. */
  readonly short: string
  /** A CSS colour for both colour schemes. */
  readonly colour: string
}

/** The name and colour of each class, the same everywhere. `none`: forwarded without a class. */
export const CLASS_LOOKS: Readonly<Record<PromptClass | 'none', ClassLook>> = {
  stem_reasoning: { name: 'STEM reasoning', short: 'STEM', colour: 'var(--stem)' },
  factual_recall: { name: 'Factual recall', short: 'Fact', colour: 'var(--fact)' },
  language_heavy: { name: 'Language-heavy', short: 'Language', colour: 'var(--language)' },
  none: { name: 'Not classified', short: 'None', colour: 'var(--unclassified)' },
}
