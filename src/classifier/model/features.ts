import { DIGIT, kinds, LETTER, SYMBOL, UNSPACED } from './alphabet.ts'
import { BucketSet } from './bucket-set.ts'
import { BLANK, fold, LONGEST, LONGEST_FOLDED } from './fold.ts'
import { type Measures, shapesOf } from './shapes.ts'

/**
 * Buckets of the hashed feature space, a power of two. Most have no weight, so that the packed weights fit
 * into 512 KiB.
 */
export const BUCKETS = 2 ** 20
/** Incremented whenever the features of a text change; weights of another version are refused. */
export const FEATURES_VERSION = 6

/** Feature families; each family's weights are scaled by 1/√(number of features in the family). */
export const FAMILIES = ['word', 'letters', 'shape'] as const
export type Family = (typeof FAMILIES)[number]

/** The features of a text, from whatever source. */
export interface Features {
  /** Distinct buckets, one family after the other. */
  readonly buckets: Int32Array
  /** Exclusive end of each family in `buckets`, in the order of `FAMILIES`. */
  readonly familyEnds: Int32Array
}

/** What each bucket of a text was made from, in the same order. */
export interface FeatureTrace {
  /** Each one's hash, which tells it from other features in the same bucket. */
  readonly hashes: Int32Array
  /** First occurrence in `folded`: start × 65,536 + end. For a shape, its index in `shapes`. */
  readonly spans: Uint32Array
}

/** Each unit is in at most three words and pairs and starts at most three n-grams; shapes come on top. */
export const MOST_FEATURES = 6 * LONGEST + 64
/** Leaves as many bits of a hash as a bucket's number has. */
const HASH_SHIFT = 32 - Math.log2(BUCKETS)
const PRIME = 0x01000193

/** 1 for consonants. */
const consonants = new Uint8Array(65_536)
for (const consonant of 'bcdfghjklmnpqrstvwxz') consonants[consonant.charCodeAt(0)] = 1

/** An apostrophe next to a single letter means it names no quantity: the l of « l'eau ». */
function isApostrophe(unit: number): boolean {
  return unit === 39 || unit === 0x2019
}

/** `hash` may be any 32-bit integer. */
function bucketOf(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return (mixed ^ (mixed >>> 12)) >>> HASH_SHIFT
}

/**
 * Converts texts to buckets. It owns its scratch memory, so reading allocates nothing; its output is valid
 * until the next `read`.
 */
export class FeatureReader implements Features {
  /** The text as hashed: lower case, one blank per run of white space, one zero per number. */
  readonly folded = new Uint16Array(LONGEST_FOLDED)
  length = 0
  /** Distinct buckets, one family after the other, in order of first appearance. */
  readonly buckets = new Int32Array(MOST_FEATURES)
  /** Only present if requested. */
  readonly trace: FeatureTrace | undefined
  /** Exclusive end of each family in `buckets`, in the order of `FAMILIES`. */
  readonly familyEnds = new Int32Array(FAMILIES.length)
  shapes: readonly string[] = []

  private readonly salt: number
  /** The text last read. */
  private text: string | undefined
  private readonly seen = new BucketSet(BUCKETS)
  private count = 0
  private readonly measures: Measures = {
    size: 0,
    newlines: 0,
    digits: 0,
    symbols: 0,
    unspaced: 0,
    numbers: 0,
    loneConsonants: 0,
  }

  /** `traced`: records what each bucket was made from. */
  constructor(salt: number, traced = false) {
    this.salt = salt | 0
    this.trace = traced
      ? { hashes: new Int32Array(MOST_FEATURES), spans: new Uint32Array(MOST_FEATURES) }
      : undefined
  }

  /** Does nothing if the same text was just read. */
  read(text: string): void {
    if (text === this.text) return
    this.text = text
    this.count = 0
    this.length = fold(text, this.folded, this.measures)
    this.readWords()
    this.familyEnds[0] = this.count
    this.readLetters()
    this.familyEnds[1] = this.count
    this.readShapes(text)
    this.familyEnds[2] = this.count
    this.seen.clear(this.buckets, this.count)
  }

  /** The letters of the feature at this index in `buckets`, or a shape's name; requires a traced reading. */
  nameOf(place: number): string {
    const span = this.trace?.spans[place] ?? 0
    if (place >= (this.familyEnds[1] ?? 0)) return this.shapes[span] ?? ''
    return String.fromCharCode(...this.folded.subarray(span >>> 16, span & 0xffff))
  }

  /** Adds a feature, once per text. */
  private add(hash: number, span: number): void {
    const bucket = bucketOf(hash)
    this.buckets[this.count] = bucket
    const { trace } = this
    if (trace !== undefined) {
      trace.hashes[this.count] = hash
      trace.spans[this.count] = span
    }
    this.count += this.seen.add(bucket)
  }

  private readShapes(text: string): void {
    this.shapes = shapesOf(text, this.measures)
    for (const [place, name] of this.shapes.entries()) {
      let hash = this.salt ^ 0x51ed270b
      for (let index = 0; index < name.length; index += 1)
        hash = Math.imul(hash ^ name.charCodeAt(index), PRIME)
      this.add(hash, place)
    }
  }

  private readWords(): void {
    const { folded, length } = this
    let previous = 0
    let previousStart = 0
    let position = 0
    let loneConsonants = 0
    let at = 1
    while (at < length) {
      const kind = kinds[folded[at] ?? BLANK]
      if (kind !== LETTER && kind !== DIGIT) {
        if (kind === UNSPACED) previous = 0
        at += 1
        continue
      }
      const start = at
      let hash = this.salt ^ 0x2545f491
      while (at < length) {
        const unit = folded[at] ?? BLANK
        const inWord = kinds[unit]
        if (inWord !== LETTER && inWord !== DIGIT) break
        hash = Math.imul(hash ^ unit, PRIME)
        at += 1
      }
      if (at - start === 1 && consonants[folded[start] ?? BLANK] === 1) {
        if (!isApostrophe(folded[start - 1] ?? BLANK) && !isApostrophe(folded[at] ?? BLANK))
          loneConsonants += 1
      }
      this.add(hash, (start << 16) | at)
      if (previous !== 0) this.add(Math.imul(previous, 0x9e3779b1) ^ hash, (previousStart << 16) | at)
      if (position < 3) this.add(hash ^ Math.imul(position + 1, 0x7feb352d), (start << 16) | at)
      previous = hash
      previousStart = start
      position += 1
    }
    this.measures.loneConsonants = loneConsonants
  }

  /** N-grams across word ends: one to three letters in scripts without blanks, else three and four. */
  private readLetters(): void {
    const { folded, length } = this
    const seed = this.salt ^ 0x165667b1
    for (let start = 0; start < length; start += 1) {
      const unit = folded[start] ?? BLANK
      const kind = kinds[unit]
      const one = Math.imul(seed ^ unit, PRIME)
      if (kind === UNSPACED || kind === SYMBOL) this.add(one, (start << 16) | (start + 1))
      if (start + 2 > length) break
      const two = Math.imul(one ^ (folded[start + 1] ?? BLANK), PRIME)
      if (kind === UNSPACED) this.add(two, (start << 16) | (start + 2))
      if (start + 3 > length) continue
      const three = Math.imul(two ^ (folded[start + 2] ?? BLANK), PRIME)
      this.add(three, (start << 16) | (start + 3))
      if (kind === UNSPACED || start + 4 > length) continue
      this.add(Math.imul(three ^ (folded[start + 3] ?? BLANK), PRIME), (start << 16) | (start + 4))
    }
  }
}
