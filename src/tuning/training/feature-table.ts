import { FAMILIES, FeatureReader } from '../../classifier/model/features.ts'
import { familyShare } from '../../classifier/model/model.ts'

/** The features of texts, stored contiguously: text `i` is `buckets[starts[i] … starts[i + 1]]`. */
export interface FeatureTable {
  readonly size: number
  readonly starts: Int32Array
  readonly buckets: Int32Array
  /** Value of each feature: its family's share. */
  readonly values: Float32Array
}

/**
 * Features in fewer texts do not generalise, and blur the buckets they share with others. They still count
 * towards the size of their family, as they do when a text is judged.
 */
const LEAST_TEXTS = 3

export function featuresOf(texts: readonly string[], salt: number): FeatureTable {
  const reader = new FeatureReader(salt, true)
  const common = new Commonness()
  for (const text of texts) {
    reader.read(text)
    const size = reader.familyEnds.at(-1) ?? 0
    for (let at = 0; at < size; at += 1) common.count(reader.trace?.hashes[at] ?? 0)
  }
  const starts = new Int32Array(texts.length + 1)
  const buckets: number[] = []
  const values: number[] = []
  for (const [index, text] of texts.entries()) {
    reader.read(text)
    let from = 0
    for (let family = 0; family < FAMILIES.length; family += 1) {
      const to = reader.familyEnds[family] ?? from
      const share = familyShare(family, to - from)
      for (let at = from; at < to; at += 1) {
        if (common.textsOf(reader.trace?.hashes[at] ?? 0) < LEAST_TEXTS) continue
        buckets.push(reader.buckets[at] ?? 0)
        values.push(share)
      }
      from = to
    }
    starts[index + 1] = buckets.length
  }
  return {
    size: texts.length,
    starts,
    buckets: Int32Array.from(buckets),
    values: Float32Array.from(values),
  }
}

/** Counts the texts that have a feature, up to 255; features whose hashes end alike are counted together. */
class Commonness {
  readonly #texts = new Uint8Array(2 ** 26)

  count(hash: number): void {
    const slot = slotOf(hash)
    this.#texts[slot] = Math.min(255, (this.#texts[slot] ?? 0) + 1)
  }

  textsOf(hash: number): number {
    return this.#texts[slotOf(hash)] ?? 0
  }
}

function slotOf(hash: number): number {
  return Math.imul(hash ^ (hash >>> 16), 0x45d9f3b) >>> 6
}
