import type { PromptClass } from '../base/prompt-class.ts'
import { placeOf } from '../classifier/calibration.ts'
import { FAMILIES, FeatureReader } from '../classifier/features.ts'
import { familyShare } from '../classifier/model.ts'
import type { PerClass } from '../classifier/verdict.ts'

/** A prompt as training needs it. */
export interface Row {
  /** What is scored of it. */
  readonly text: string
  readonly label: PromptClass
  readonly source: string
  readonly lang: string
  /** Of a prompt of a parallel set: its number, the same in every language. */
  readonly number: number | undefined
}

/** All rows as features, in one piece of memory: row `i` is `buckets[starts[i] … starts[i + 1]]`. */
export interface TrainingSet {
  readonly size: number
  readonly starts: Int32Array
  readonly buckets: Int32Array
  /** Value of each feature: the share its family gives it. */
  readonly values: Float32Array
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
  const reader = new FeatureReader(salt)
  const starts = new Int32Array(rows.length + 1)
  for (const [index, row] of rows.entries()) {
    reader.read(row.text)
    starts[index + 1] = (starts[index] ?? 0) + (reader.familyEnds.at(-1) ?? 0)
  }
  const total = starts[rows.length] ?? 0
  const buckets = new Int32Array(total)
  const values = new Float32Array(total)
  for (const [index, row] of rows.entries()) {
    reader.read(row.text)
    const start = starts[index] ?? 0
    buckets.set(reader.buckets.subarray(0, reader.familyEnds.at(-1)), start)
    let from = 0
    for (let family = 0; family < FAMILIES.length; family += 1) {
      const to = reader.familyEnds[family] ?? from
      values.fill(familyShare(family, to - from), start + from, start + to)
      from = to
    }
  }
  return {
    size: rows.length,
    starts,
    buckets,
    values,
    labels: Uint8Array.from(rows, (row) => placeOf(row.label)),
    sources: rows.map((row) => row.source),
    languages: rows.map((row) => row.lang),
    numbers: rows.map((row) => row.number),
  }
}

/** Adds up a row's features under real-valued weights. */
export function logitsOf(set: TrainingSet, row: number, table: Float32Array, bias: Float64Array): PerClass {
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
