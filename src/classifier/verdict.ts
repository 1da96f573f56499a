import type { Message } from '../base/message.ts'
import type { PromptClass } from '../base/prompt-class.ts'

/** Why a class was chosen, as `x-trivium-cause` and the ledger say it. */
export type Cause = `rule:${string}` | 'model' | 'inherited' | 'forced' | 'abstained' | 'pinned'

/** Logits and probabilities stand in the order of `PROMPT_CLASSES`. */
export type PerClass = readonly [number, number, number]

/** What spoke for the verdict, small enough to be kept with every request; `explain` says more, on demand. */
export interface Evidence {
  /** Rules that fired, with the log-odds each added to its class. */
  readonly rules: readonly { readonly id: string; readonly class: PromptClass; readonly weight: number }[]
  /** The sum of all contributions, before calibration. */
  readonly logits: PerClass
  /** Characters that were read of the human's words, and of how many. */
  readonly read: { readonly scored: number; readonly of: number }
  /** How many turns back the scored words stand: 0 for the newest, more when the class is inherited. */
  readonly turnsBack: number
}

export interface Verdict {
  readonly class: PromptClass
  /** Calibrated: of verdicts at 0.9, nine in ten are right on text nobody trained on. */
  readonly confidence: number
  readonly cause: Exclude<Cause, 'forced' | 'pinned'>
  readonly probabilities: PerClass
  readonly evidence: Evidence
}

/** What a verdict decides, without what spoke for it. */
export type Choice = Pick<Verdict, 'class' | 'confidence' | 'cause' | 'probabilities'>

/** When a verdict is none. */
export interface Abstention {
  /** Verdicts less confident than this are abstentions. */
  readonly abstainBelow: number
  readonly abstainTo: PromptClass
}

/** Reads what a person asks and says which road it is. Pure: the same messages and weights, the same verdict. */
export interface Classifier {
  /** Never fails: an unsure verdict is an abstention. Only human turns are evidence; system and tools are not. */
  classify(messages: readonly Message[]): Verdict
  /** Hash of the rules in force, twelve hex digits. */
  readonly rulesVersion: string
  /** Hash of the weights in force, twelve hex digits. */
  readonly weightsVersion: string
}
