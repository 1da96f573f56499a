import { crc32 } from 'node:zlib'
import type { PromptClass } from '../../base/prompt-class.ts'
import { decodeWeights, type Weights } from '../../classifier/model/weights.ts'
import type { LeftOut } from './left-out.ts'
import type { Lesson } from './lesson.ts'
import { longestGoodStep, STEPS } from './step.ts'
import { UPDATE_EPOCHS, updateWeights } from './update.ts'

/** A labelled request, as a lesson and as a test case. */
export interface LabelledLesson extends Lesson {
  readonly id: string
}

export interface Learning<L extends LabelledLesson> {
  readonly base: Weights
  readonly labels: readonly L[]
  readonly rehearsal: readonly Lesson[]
  /** A whole classifier with these weights: its class for a labelled request, if it can be determined. */
  readonly judgeWith: (weights: Weights) => (lesson: L) => PromptClass | undefined
  /** Called occasionally with the share of work done, 0 to 1. */
  readonly onProgress?: (done: number) => void
}

export interface Learnt {
  readonly bytes: Buffer
  /** For each fifth of the labelled requests, weights that have not seen it. */
  readonly leftOut: LeftOut
  /** Accuracy on labels, of the base and of weights that had not seen them. */
  readonly before: number
  readonly after: number
  /** How far the weights moved from the base to the learned ones; 1 is all the way. */
  readonly step: number
}

const FOLDS = 5

/**
 * Trains on labels, starting from a base, and measures the gain by cross-validation: each fifth of the labels
 * is judged by weights updated without it, after steps of several lengths. The worse labels generalise, the
 * shorter the step. Identical requests are in the same fifth. Deterministic.
 */
export function learn<L extends LabelledLesson>(learning: Learning<L>): Learnt {
  const { base, labels, rehearsal, judgeWith, onProgress } = learning
  let epochs = 0
  const onEpoch = () => {
    epochs += 1
    onProgress?.(epochs / (UPDATE_EPOCHS * (FOLDS + 1)))
  }
  const folds = labels.map(foldOf)
  const updates: ((share: number) => Buffer)[] = []
  const verdictsAfter = new Map<number, Map<L, PromptClass>>(STEPS.map((share) => [share, new Map()]))
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const known = labels.filter((_, index) => folds[index] !== fold)
    const unseen = labels.filter((_, index) => folds[index] === fold)
    const updated = updateWeights({ base, labels: known, rehearsal, onEpoch })
    updates.push(updated)
    for (const [share, verdicts] of verdictsAfter) {
      const judge = judgeWith(decodeWeights(updated(share)))
      for (const lesson of unseen) {
        const verdict = judge(lesson)
        if (verdict !== undefined) verdicts.set(lesson, verdict)
      }
    }
  }
  const judge = judgeWith(base)
  const right = (said: (lesson: L) => PromptClass | undefined) =>
    labels.filter((lesson) => said(lesson) === lesson.label).length / Math.max(1, labels.length)
  const step = longestGoodStep(labels.length, (share) =>
    right((lesson) => verdictsAfter.get(share)?.get(lesson)),
  )
  const verdicts = verdictsAfter.get(step) ?? new Map<L, PromptClass>()
  return {
    bytes: updateWeights({ base, labels, rehearsal, onEpoch })(step),
    leftOut: {
      rows: labels.map(({ id }, index) => ({ id, fold: folds[index] ?? 0 })),
      weights: updates.map((updated) => updated(step)),
    },
    before: right(judge),
    after: right((lesson) => verdicts.get(lesson)),
    step,
  }
}

function foldOf({ features: { buckets, familyEnds } }: Lesson): number {
  const read = buckets.slice(0, familyEnds.at(-1)).sort()
  return crc32(new Uint8Array(read.buffer)) % FOLDS
}
