import type { PromptClass } from '../../base/prompt-class.ts'
import { placeOf } from '../../classifier/model/calibration.ts'
import { FAMILIES, FeatureReader, type Features } from '../../classifier/model/features.ts'
import { familyShare } from '../../classifier/model/model.ts'
import type { FeatureTable } from './feature-table.ts'

/** A training example: the features of a prompt, and its class. */
export interface Lesson {
  readonly features: Features
  readonly label: PromptClass
}

/** Reads texts into features that stay valid. `salt` must be that of the weights they are for. */
export function featureTaker(salt: number): (text: string) => Features {
  const reader = new FeatureReader(salt)
  return (text) => {
    reader.read(text)
    return {
      buckets: reader.buckets.slice(0, reader.familyEnds.at(-1)),
      familyEnds: reader.familyEnds.slice(),
    }
  }
}

/** Lessons stored contiguously, with the index of each label in `PerClass`. */
export interface LessonTable extends FeatureTable {
  readonly labels: Uint8Array
}

export function tableOf(lessons: readonly Lesson[]): LessonTable {
  const starts = new Int32Array(lessons.length + 1)
  for (const [row, { features }] of lessons.entries())
    starts[row + 1] = (starts[row] ?? 0) + (features.familyEnds.at(-1) ?? 0)
  const buckets = new Int32Array(starts.at(-1) ?? 0)
  const values = new Float32Array(buckets.length)
  for (const [row, { features }] of lessons.entries()) {
    const start = starts[row] ?? 0
    buckets.set(features.buckets.subarray(0, features.familyEnds.at(-1)), start)
    let from = 0
    for (let family = 0; family < FAMILIES.length; family += 1) {
      const to = features.familyEnds[family] ?? from
      values.fill(familyShare(family, to - from), start + from, start + to)
      from = to
    }
  }
  const labels = Uint8Array.from(lessons, ({ label }) => placeOf(label))
  return { size: lessons.length, starts, buckets, values, labels }
}
