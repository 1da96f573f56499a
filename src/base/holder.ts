import type { PromptClass } from './prompt-class.ts'

/** Who holds the state a response left upstream: its turns, its reasoning. */
export interface Holder {
  /** The team it was created for; no other may continue it. */
  readonly team: string
  /** The model's name in the configuration; empty for what no model created: a conversation, a file. */
  readonly model: string
  readonly upstream: string
  readonly class: PromptClass | null
  /** Input tokens the turns so far will count as in the next one; undefined if unknown. */
  readonly tokens: number | undefined
}
