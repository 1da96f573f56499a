import type { Message } from '../base/message.ts'
import type { PromptClass } from '../base/prompt-class.ts'

/** Why a class was chosen, as in `x-trivium-cause` and the ledger. */
export type Cause = `rule:${string}` | 'model' | 'inherited' | 'forced' | 'abstained' | 'pinned'

/** In the order of `PROMPT_CLASSES`. */
export type PerClass = readonly [number, number, number]

/** The evidence for a verdict, small enough to keep with every request; `explain` gives more on demand. */
export interface Evidence {
  /** Rules that fired, with the log-odds each added to its class. */
  readonly rules: readonly { readonly id: string; readonly class: PromptClass; readonly weight: number }[]
  /** The sum of all contributions, before calibration. */
  readonly logits: PerClass
  /** Characters of the person's words that were scored, and their total. */
  readonly read: { readonly scored: number; readonly of: number }
  /** How many turns back the scored words are: 0 for the newest, more if the class is inherited. */
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

/** What a verdict decides, without the evidence. */
export type Choice = Pick<Verdict, 'class' | 'confidence' | 'cause' | 'probabilities'>

/** When a verdict is an abstention. */
export interface Abstention {
  /** Verdicts less confident than this are abstentions. */
  readonly abstainBelow: number
  readonly abstainTo: PromptClass
}

/** Classifies what a person asks. Pure: the same messages and weights give the same verdict. */
export interface Classifier {
  /** Never fails: an unsure verdict is an abstention. Only user turns are evidence, not system or tools. */
  classify(messages: readonly Message[]): Verdict
  /** Hash of the rules in force, twelve hex digits. */
  readonly rulesVersion: string
  /** Hash of the weights in force, twelve hex digits. */
  readonly weightsVersion: string
}
