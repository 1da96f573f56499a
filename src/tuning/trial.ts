import type { PromptClass } from '../base/prompt-class.ts'
import type { Classifier } from '../classifier/verdict.ts'
import { type Comparison, compare, type Pair } from './compare.ts'
import type { LabelledPrompt } from './labelled-prompts.ts'

/** A classifier with the verdicts that were given, on rows it was trained on, by weights that had not seen them. */
export interface Contender {
  readonly classifier: Classifier
  readonly leftOut: ReadonlyMap<string, PromptClass>
}

/** How a candidate does beside what is live. */
export interface Trial {
  /** On labelled rows of the ledger; null where there are none. */
  readonly labelled: Comparison | null
  /** On the prompts that ship for it, which nothing was trained on. */
  readonly shipped: Comparison
}

/** Points of accuracy that a candidate may lose on either set. */
export const MARGIN = 0.01

/** Judges both on both. A row that a contender was trained on is no proof of it: there, its left-out verdict counts. */
export function tryOut(
  live: Contender,
  candidate: Contender,
  {
    labelled,
    shipped,
  }: { readonly labelled: readonly LabelledPrompt[]; readonly shipped: readonly LabelledPrompt[] },
): Trial {
  const pairOf = (prompt: LabelledPrompt): Pair => ({
    label: prompt.label,
    live: verdictOf(live, prompt),
    candidate: verdictOf(candidate, prompt),
  })
  return {
    labelled: labelled.length === 0 ? null : compare(labelled.map(pairOf)),
    shipped: compare(shipped.map(pairOf)),
  }
}

function verdictOf({ classifier, leftOut }: Contender, { id, messages }: LabelledPrompt): PromptClass {
  const known = id === undefined ? undefined : leftOut.get(id)
  return known ?? classifier.classify(messages).class
}

/** Why a candidate is not fit to go live: each set on which it loses more than `margin`, in words. */
export function objectionsTo({ labelled, shipped }: Trial, margin: number): readonly string[] {
  const objection = (where: string, compared: Comparison | null) =>
    compared !== null && -compared.difference > margin ? [`loses on ${where}: ${wordsOf(compared)}`] : []
  return [...objection('labelled rows', labelled), ...objection('the shipped evaluation set', shipped)]
}

/** `accuracy 0.912 → 0.895 on 400 prompts, -1.8 points (95 %: -3.1 to -0.4), 2 gained, 9 lost, p 0.065` */
export function wordsOf(compared: Comparison): string {
  const { rows, live, candidate, gained, lost, difference, interval, chance } = compared
  const counts = `${gained} gained, ${lost} lost`
  const range = `95 %: ${points(interval[0])} to ${points(interval[1])}`
  return `accuracy ${live.toFixed(3)} → ${candidate.toFixed(3)} on ${rows} prompts, ${points(difference)} points (${range}), ${counts}, p ${chance.toFixed(3)}`
}

function points(share: number): string {
  return `${share > 0 ? '+' : ''}${(100 * share).toFixed(1)}`
}
