import type { PromptClass } from './prompt-class.ts'

/** Who holds what a response left behind upstream: its turns, its reasoning. */
export interface Holder {
  /** The team it was made for; nobody else may go on from it. */
  readonly team: string
  /** The target's model, by its name in the configuration; empty for what no model made: a conversation, a file. */
  readonly model: string
  readonly upstream: string
  readonly class: PromptClass | null
  /** What the turns up to here count as input of the next one; undefined where that is not known. */
  readonly tokens: number | undefined
}
