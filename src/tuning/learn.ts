import { crc32 } from 'node:zlib'
import type { PromptClass } from '../base/prompt-class.ts'
import { decodeWeights, type Weights } from '../classifier/weights.ts'
import type { Lesson } from './lesson.ts'
import type { LeftOutVerdict } from './manifest.ts'
import { UPDATE_EPOCHS, updateWeights } from './update.ts'

/** A labelled request: what it teaches, and what a classifier says of it. */
export interface LabelledLesson extends Lesson {
  readonly id: string
}

export interface Learning<L extends LabelledLesson> {
  readonly base: Weights
  readonly labels: readonly L[]
  readonly rehearsal: readonly Lesson[]
  /** A whole classifier with these weights: what it makes of a labelled request, where that can be told. */
  readonly judgeWith: (weights: Weights) => (lesson: L) => PromptClass | undefined
  /** Called now and then with the share of work done, 0 to 1. */
  readonly onProgress?: (done: number) => void
}

export interface Learnt {
  readonly bytes: Buffer
  /** What weights that had not seen it say of each labelled request. */
  readonly leftOut: readonly LeftOutVerdict[]
  /** Accuracy on labels, by the base and by weights that had not seen them. */
  readonly before: number
  readonly after: number
}

const FOLDS = 5

/**
 * Learns labels on top of a base, and how much that is worth: each fifth of them is judged by weights that were
 * updated without it. Requests alike are in one fifth. Deterministic.
 */
export function learn<L extends LabelledLesson>(learning: Learning<L>): Learnt {
  const { base, labels, rehearsal, judgeWith, onProgress } = learning
  let epochs = 0
  const onEpoch = () => {
    epochs += 1
    onProgress?.(epochs / (UPDATE_EPOCHS * (FOLDS + 1)))
  }
  const folds = labels.map(foldOf)
  const verdicts = new Map<L, PromptClass>()
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const known = labels.filter((_, index) => folds[index] !== fold)
    const unseen = labels.filter((_, index) => folds[index] === fold)
    const judge = judgeWith(decodeWeights(updateWeights({ base, labels: known, rehearsal, onEpoch })))
    for (const lesson of unseen) {
      const verdict = judge(lesson)
      if (verdict !== undefined) verdicts.set(lesson, verdict)
    }
  }
  const judge = judgeWith(base)
  const right = (said: (lesson: L) => PromptClass | undefined) =>
    labels.filter((lesson) => said(lesson) === lesson.label).length / Math.max(1, labels.length)
  return {
    bytes: updateWeights({ base, labels, rehearsal, onEpoch }),
    leftOut: labels.flatMap((lesson) => {
      const verdict = verdicts.get(lesson)
      return verdict === undefined ? [] : [{ id: lesson.id, class: verdict }]
    }),
    before: right(judge),
    after: right((lesson) => verdicts.get(lesson)),
  }
}

function foldOf({ features: { buckets, familyEnds } }: Lesson): number {
  const read = buckets.slice(0, familyEnds.at(-1)).sort()
  return crc32(new Uint8Array(read.buffer)) % FOLDS
}
