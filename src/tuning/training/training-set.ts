import type { PromptClass } from '../../base/prompt-class.ts'
import { placeOf } from '../../classifier/model/calibration.ts'
import type { PerClass } from '../../classifier/verdict.ts'
import { type FeatureTable, featuresOf } from './feature-table.ts'

/** A prompt as training needs it. */
export interface Row {
  /** What is scored of it. */
  readonly text: string
  readonly label: PromptClass
  readonly source: string
  readonly lang: string
  /** Of a prompt of a parallel set: its number, the same in every language. */
  readonly number: number | undefined
  /** Whether it stands at the start of its conversation: nothing was asked before. */
  readonly first: boolean
}

/** All rows as features, with what is known of each. */
export interface TrainingSet extends FeatureTable {
  /** Place of each row's label in a `PerClass`. */
  readonly labels: Uint8Array
  readonly sources: readonly string[]
  readonly languages: readonly string[]
  readonly numbers: readonly (number | undefined)[]
}

/** Sources whose names begin alike are one family: what is learnt on one of them is no news to the others. */
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

/** Adds up a row's features under real-valued weights. */
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
