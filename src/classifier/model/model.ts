import type { PerClass } from '../verdict.ts'
import { FAMILIES, type Family, FeatureReader, type Features } from './features.ts'
import { TIE_BUCKETS, type Weights } from './weights.ts'

/** What one feature of the text adds to each class, in log-odds. */
export interface Contribution {
  /** The letters as hashed, or the name of a shape. */
  readonly feature: string
  readonly family: Family
  readonly logOdds: PerClass
}

/**
 * The learned half of a verdict: a sum of small integers, one per distinct n-gram. Sums are exact until they
 * are scaled, so the same text has the same logits on every machine.
 */
export interface Model {
  readonly bias: PerClass
  readonly temperature: number
  logits(text: string): PerClass
  /** Log-odds that a turn with this text only continues an earlier ask. */
  tieOf(text: string): number
  /** The features of a text; valid until the next one is read. */
  featuresOf(text: string): Features
  /** The same for features that were already read. */
  logitsOf(features: Features): PerClass
  tieOfFeatures(features: Features): number
  /** All features of the text; together with `bias` they sum to `logits(text)`. */
  contributions(text: string): readonly Contribution[]
}

/** The weight of one feature in a family of `size`: a longer text has more n-grams, not more certainty. */
export function familyShare(family: number, size: number): number {
  if (FAMILIES[family] === 'shape') return 0.5
  return size === 0 ? 0 : 1 / Math.sqrt(size)
}

/** Pulls towards the first and second class relative to the third, as log-odds with a mean of zero. */
function logOddsOf(first: number, second: number, step: number): PerClass {
  const mean = (first + second) / 3
  return [(first - mean) * step, (second - mean) * step, -mean * step]
}

export function createModel(weights: Weights): Model {
  const { table, scale, bias, ties } = weights
  const reader = new FeatureReader(weights.salt)

  function logitsOf({ buckets, familyEnds }: Features): PerClass {
    let [first, second, third] = bias
    let from = 0
    for (let family = 0; family < FAMILIES.length; family += 1) {
      const to = familyEnds[family] ?? from
      let a = 0
      let b = 0
      for (let index = from; index < to; index += 1) {
        const at = (buckets[index] ?? 0) * 2
        a += table[at] ?? 0
        b += table[at + 1] ?? 0
      }
      const sum = logOddsOf(a, b, scale * familyShare(family, to - from))
      first += sum[0]
      second += sum[1]
      third += sum[2]
      from = to
    }
    return [first, second, third]
  }

  function tieOfFeatures({ buckets, familyEnds }: Features): number {
    let sum = ties.bias
    let from = 0
    for (let family = 0; family < FAMILIES.length; family += 1) {
      const to = familyEnds[family] ?? from
      let pull = 0
      for (let index = from; index < to; index += 1)
        pull += ties.table[(buckets[index] ?? 0) % TIE_BUCKETS] ?? 0
      sum += pull * ties.scale * familyShare(family, to - from)
      from = to
    }
    return sum
  }

  function contributions(text: string): readonly Contribution[] {
    const traced = new FeatureReader(weights.salt, true)
    traced.read(text)
    const found: Contribution[] = []
    let from = 0
    for (const [index, family] of FAMILIES.entries()) {
      const to = traced.familyEnds[index] ?? from
      const step = scale * familyShare(index, to - from)
      for (let at = from; at < to; at += 1) {
        const place = (traced.buckets[at] ?? 0) * 2
        found.push({
          feature: traced.nameOf(at),
          family,
          logOdds: logOddsOf(table[place] ?? 0, table[place + 1] ?? 0, step),
        })
      }
      from = to
    }
    return found
  }

  return {
    bias,
    temperature: weights.temperature,
    logits(text) {
      reader.read(text)
      return logitsOf(reader)
    },
    tieOf(text) {
      reader.read(text)
      return tieOfFeatures(reader)
    },
    featuresOf(text) {
      reader.read(text)
      return reader
    },
    logitsOf,
    tieOfFeatures,
    contributions,
  }
}
