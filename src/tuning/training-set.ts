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

/**
 * Features of fewer rows teach nothing that holds elsewhere, and blur the buckets they share with others. They count in
 * the size of their family all the same, as they do when a text is judged.
 */
const LEAST_ROWS = 3

export function createTrainingSet(rows: readonly Row[], salt: number): TrainingSet {
  const reader = new FeatureReader(salt)
  const common = new Commonness()
  for (const row of rows) {
    reader.read(row.text)
    const size = reader.familyEnds.at(-1) ?? 0
    for (let at = 0; at < size; at += 1) common.count(reader.hashes[at] ?? 0)
  }
  const starts = new Int32Array(rows.length + 1)
  const buckets: number[] = []
  const values: number[] = []
  for (const [index, row] of rows.entries()) {
    reader.read(row.text)
    let from = 0
    for (let family = 0; family < FAMILIES.length; family += 1) {
      const to = reader.familyEnds[family] ?? from
      const share = familyShare(family, to - from)
      for (let at = from; at < to; at += 1) {
        if (common.rowsOf(reader.hashes[at] ?? 0) < LEAST_ROWS) continue
        buckets.push(reader.buckets[at] ?? 0)
        values.push(share)
      }
      from = to
    }
    starts[index + 1] = buckets.length
  }
  return {
    size: rows.length,
    starts,
    buckets: Int32Array.from(buckets),
    values: Float32Array.from(values),
    labels: Uint8Array.from(rows, (row) => placeOf(row.label)),
    sources: rows.map((row) => row.source),
    languages: rows.map((row) => row.lang),
    numbers: rows.map((row) => row.number),
  }
}

/** Counts the rows that have a feature, up to 255; features whose hashes end alike are counted together. */
class Commonness {
  readonly #rows = new Uint8Array(2 ** 26)

  count(hash: number): void {
    const slot = slotOf(hash)
    this.#rows[slot] = Math.min(255, (this.#rows[slot] ?? 0) + 1)
  }

  rowsOf(hash: number): number {
    return this.#rows[slotOf(hash)] ?? 0
  }
}

function slotOf(hash: number): number {
  return Math.imul(hash ^ (hash >>> 16), 0x45d9f3b) >>> 6
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
