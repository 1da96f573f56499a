import type { PromptClass } from '../../base/prompt-class.ts'
import { placeOf } from '../../classifier/model/calibration.ts'
import type { PerClass } from '../../classifier/verdict.ts'
import { type FeatureTable, featuresOf } from './feature-table.ts'

/** A prompt, as training needs it. */
export interface Row {
  /** The part that is scored. */
  readonly text: string
  readonly label: PromptClass
  readonly source: string
  readonly lang: string
  /** The number of a prompt in a parallel set, the same in every language. */
  readonly number: number | undefined
  /** Whether it starts its conversation: nothing was asked before. */
  readonly first: boolean
}

/** All rows as features, with their metadata. */
export interface TrainingSet extends FeatureTable {
  /** Index of each row's label in `PerClass`. */
  readonly labels: Uint8Array
  readonly sources: readonly string[]
  readonly languages: readonly string[]
  readonly numbers: readonly (number | undefined)[]
}

/** Sources with the same prefix are one family: what is learned on one leaks into the others. */
export function familyOf(source: string): string {
  return source.split('_', 1)[0] ?? source
}

export function createTrainingSet(rows: readonly Row[], salt: number): TrainingSet {
  const texts = rows.map(({ text }) => text)
  return {
    ...featuresOf(texts, salt),
    labels: Uint8Array.from(rows, (row) => placeOf(row.label)),
    sources: rows.map((row) => row.source),
    languages: rows.map((row) => row.lang),
    numbers: rows.map((row) => row.number),
  }
}

/** Sums a row's features under real-valued weights. */
export function logitsOf(set: FeatureTable, row: number, table: Float32Array, bias: Float64Array): PerClass {
  let a = bias[0] ?? 0
  let b = bias[1] ?? 0
  let c = bias[2] ?? 0
  const end = set.starts[row + 1] ?? 0
  for (let at = set.starts[row] ?? 0; at < end; at += 1) {
    const place = (set.buckets[at] ?? 0) * 3
    const value = set.values[at] ?? 0
    a += (table[place] ?? 0) * value
    b += (table[place + 1] ?? 0) * value
    c += (table[place + 2] ?? 0) * value
  }
  return [a, b, c]
}
