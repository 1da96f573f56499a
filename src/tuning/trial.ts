import type { PromptClass } from '../base/prompt-class.ts'
import type { Replayer } from '../classifier/recording/replay.ts'
import type { Classifier } from '../classifier/verdict.ts'
import { type Comparison, compare, type Pair } from './compare.ts'
import type { LabelledPrompt } from './labelled/labelled-prompts.ts'
import type { LabelledRow } from './labelled/labelled-rows.ts'
import { verdictAgain } from './replay/verdict-again.ts'

/** A classifier on trial. */
export interface Contender {
  readonly classifier: Classifier
  /** The replayer for a request; if the classifier was trained on it, one whose weights have not seen it. */
  replayerOf(id: string): Replayer
}

/** How a candidate compares to what is live. */
export interface Trial {
  /** On labelled rows of the ledger that both can replay; null if there are none. */
  readonly labelled: Comparison | null
  /** Labelled rows that one of them cannot replay. */
  readonly unknown: number
  /** On the shipped prompts, which nothing was trained on. */
  readonly shipped: Comparison
}

/** Accuracy a candidate may lose on either set. */
export const MARGIN = 0.01

/** The data contenders are tried on. */
export interface Proof {
  readonly labelled: readonly LabelledRow[]
  readonly shipped: readonly LabelledPrompt[]
}

/** Judges both on both sets. Rows a contender was trained on are judged by weights that never saw them. */
export function tryOut(live: Contender, candidate: Contender, { labelled, shipped }: Proof): Trial {
  const pairs = labelled.flatMap((row): Pair[] => {
    const [now, then] = [verdictOn(row, live), verdictOn(row, candidate)]
    return now === undefined || then === undefined ? [] : [{ label: row.label, live: now, candidate: then }]
  })
  return {
    labelled: pairs.length === 0 ? null : compare(pairs),
    unknown: labelled.length - pairs.length,
    shipped: compare(
      shipped.map(({ label, messages }) => ({
        label,
        live: live.classifier.classify(messages).class,
        candidate: candidate.classifier.classify(messages).class,
      })),
    ),
  }
}

function verdictOn({ id, prompt }: LabelledRow, { replayerOf }: Contender): PromptClass | undefined {
  const again = verdictAgain(replayerOf(id), prompt)
  return 'missing' in again ? undefined : again.choice.class
}

/** Why a candidate is not fit to go live: each set on which it loses more than `margin`, in words. */
export function objectionsTo({ labelled, shipped }: Trial, margin: number): readonly string[] {
  const objection = (where: string, compared: Comparison | null) =>
    compared !== null && -compared.difference > margin ? [`does worse on ${where}: ${wordsOf(compared)}`] : []
  return [...objection('labelled rows', labelled), ...objection('the shipped evaluation set', shipped)]
}

/** `accuracy 0.912 → 0.895 on 400 prompts, -1.8 points (95 %: -3.1 to -0.4), 2 gained, 9 lost, p 0.065` */
export function wordsOf(compared: Comparison): string {
  const { rows, live, candidate, gained, lost, difference, interval, chance } = compared
  const counts = `${gained} gained, ${lost} lost`
  const range = `95 %: ${points(interval[0])} to ${points(interval[1])}`
  return `accuracy ${live.toFixed(3)} → ${candidate.toFixed(3)} on ${rows} ${rows === 1 ? 'prompt' : 'prompts'}, ${points(difference)} points (${range}), ${counts}, p ${chance.toFixed(3)}`
}

function points(share: number): string {
  return `${share > 0 ? '+' : ''}${(100 * share).toFixed(1)}`
}

/** What the labelled rows could not show; undefined if all could be used. */
export function gapOf({ unknown }: Trial): string | undefined {
  return unknown === 0
    ? undefined
    : `${unknown} labelled rows are left out: only their features were kept, which new patterns cannot be matched against`
}
