import { DIGIT, kinds, LETTER, lowered, NOTHING, SPACE, SYMBOL, UNSPACED } from './alphabet.ts'

/** Buckets of the hashed feature space; part of the weights' format: as many as fit into 512 KiB. */
export const BUCKETS = 262_112
/** Grows whenever the features of a text change: weights of another version are refused. */
export const FEATURES_VERSION = 2

/** Features come in families; each family's weights are scaled by 1/√(features of the family). */
export const FAMILIES = ['shape', 'word', 'letters'] as const
export type Family = (typeof FAMILIES)[number]

/** No text longer than this is ever read. UTF-16 units. */
export const LONGEST = 8_192

const MOST_FEATURES = LONGEST * 6 + 64
/** Leaves 18 bits of a hash; the few numbers beyond the last bucket begin anew at the first. */
const HASH_SHIFT = 14
const ZERO = 48
const BLANK = 32

/** 1 for the units of consonants. */
const consonants = new Uint8Array(65_536)
for (const consonant of 'bcdfghjklmnpqrstvwxz') consonants[consonant.charCodeAt(0)] = 1

/** Whether a word ends here. Apostrophes end none: the l of « l'eau » is no name of a quantity. */
function endsWord(unit: number): boolean {
  const kind = kinds[unit]
  return kind !== LETTER && kind !== DIGIT && unit !== 39 && unit !== 0x2019
}

/**
 * Reads texts into buckets. It owns its scratch memory, so that reading allocates nothing: what it shows of a text
 * stands until the next `read`.
 */
export class FeatureReader {
  /** The text as it is hashed: lower case, one blank for white space, one zero for a number. */
  readonly folded = new Uint16Array(LONGEST + 2)
  length = 0
  /** Distinct buckets, families one after the other, in order of first appearance. */
  readonly buckets = new Int32Array(MOST_FEATURES)
  /** Where in `folded` each feature was seen first; both are 0 for a shape, whose name `shapes` has. */
  readonly starts = new Uint16Array(MOST_FEATURES)
  readonly ends = new Uint16Array(MOST_FEATURES)
  /** `ends` of each family in `buckets`, in the order of `FAMILIES`. */
  readonly familyEnds = new Int32Array(FAMILIES.length)
  readonly shapes: string[] = []

  private readonly salt: number
  /** Which reading saw a bucket last. Bytes, so that the table stays in the processor's cache. */
  private readonly seen = new Uint8Array(BUCKETS)
  private reading = 0
  private count = 0
  private readonly kindCounts = new Int32Array(6)
  private newlines = 0
  private numbers = 0

  constructor(salt: number) {
    this.salt = salt | 0
  }

  read(text: string): void {
    this.reading += 1
    if (this.reading === 256) {
      this.seen.fill(0)
      this.reading = 1
    }
    this.count = 0
    this.fold(text)
    this.readShape(text)
    this.familyEnds[0] = this.count
    this.readWords()
    this.familyEnds[1] = this.count
    this.readLetters()
    this.familyEnds[2] = this.count
  }

  /** The letters of the feature at this place in `buckets`, or the name of a shape. */
  nameOf(place: number): string {
    const shape = place < (this.familyEnds[0] ?? 0) ? this.shapes[place] : undefined
    return shape ?? String.fromCharCode(...this.folded.subarray(this.starts[place], this.ends[place]))
  }

  private fold(text: string): void {
    const { folded, kindCounts } = this
    const size = Math.min(text.length, LONGEST)
    kindCounts.fill(0)
    this.newlines = 0
    this.numbers = 0
    folded[0] = BLANK
    let at = 1
    let last = SPACE
    for (let index = 0; index < size; index += 1) {
      const unit = text.charCodeAt(index)
      const kind = kinds[unit] ?? SYMBOL
      kindCounts[kind] = (kindCounts[kind] ?? 0) + 1
      if (kind === NOTHING) continue
      if (kind === SPACE) {
        if (unit === 10) this.newlines += 1
        if (last !== SPACE) folded[at++] = BLANK
      } else if (kind === DIGIT) {
        if (last !== DIGIT) {
          folded[at++] = ZERO
          this.numbers += 1
        }
      } else {
        folded[at++] = lowered[unit] ?? unit
      }
      last = kind
    }
    if (last !== SPACE) folded[at++] = BLANK
    this.length = at
  }

  /** Counts a feature once a text. `hash` is any 32-bit integer. */
  private add(hash: number, start: number, end: number): void {
    let mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
    mixed ^= mixed >>> 12
    const high = mixed >>> HASH_SHIFT
    const bucket = high < BUCKETS ? high : high - BUCKETS
    if (this.seen[bucket] === this.reading) return
    this.seen[bucket] = this.reading
    this.buckets[this.count] = bucket
    this.starts[this.count] = start
    this.ends[this.count] = end
    this.count += 1
  }

  private addShape(name: string): void {
    let hash = this.salt ^ 0x51ed270b
    for (let index = 0; index < name.length; index += 1)
      hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193)
    const before = this.count
    this.add(hash, 0, 0)
    if (this.count > before) this.shapes[before] = name
  }

  private readShape(text: string): void {
    const count = (kind: number) => this.kindCounts[kind] ?? 0
    const size = Math.max(1, Math.min(text.length, LONGEST))
    this.addShape(`length ${Math.floor(Math.log2(size))}`)
    this.addShape(`lines ${Math.min(6, Math.floor(Math.log2(1 + this.newlines)))}`)
    this.addShape(`digits ${Math.min(6, Math.ceil((24 * count(DIGIT)) / size))}`)
    this.addShape(`symbols ${Math.min(8, Math.ceil((24 * count(SYMBOL)) / size))}`)
    this.addShape(`numbers ${Math.min(6, Math.ceil(1.5 * Math.log2(1 + this.numbers)))}`)
    this.addShape(`lone consonants ${Math.min(5, this.loneConsonants())}`)
    this.addShape(count(UNSPACED) * 4 > size ? 'unspaced script' : 'spaced script')
    const end = text.length - 1
    const closing = text.charAt(/\s/.test(text.charAt(end)) ? text.trimEnd().length - 1 : end)
    this.addShape(closing === '?' || closing === '？' ? 'ends in a question' : 'ends in no question')
    if (text.includes('```')) this.addShape('code fence')
    if (text.includes('\\') || text.includes('$')) this.addShape('backslash or dollar')
    if (/^.{0,200}[:：]\s*\n/.test(text)) this.addShape('request, colon, pasted text')
    if (this.newlines > 1 && /\n\s*\(?[ABab1一][).、:：]/.test(text)) this.addShape('options')
  }

  /** Names of quantities and options look alike in every language; lone vowels are words in many. */
  private loneConsonants(): number {
    const { folded, length } = this
    let found = 0
    for (let at = 1; at < length - 1; at += 1) {
      if (consonants[folded[at] ?? BLANK] === 0) continue
      if (endsWord(folded[at - 1] ?? BLANK) && endsWord(folded[at + 1] ?? BLANK)) found += 1
    }
    return found
  }

  private readWords(): void {
    const { folded, length } = this
    let previous = 0
    let previousStart = 0
    let position = 0
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
        hash = Math.imul(hash ^ unit, 0x01000193)
        at += 1
      }
      this.add(hash, start, at)
      if (previous !== 0) this.add(Math.imul(previous, 0x9e3779b1) ^ hash, previousStart, at)
      if (position < 3) this.add(hash ^ Math.imul(position + 1, 0x7feb352d), start, at)
      previous = hash
      previousStart = start
      position += 1
    }
  }

  private readLetters(): void {
    const { folded, length } = this
    const seed = this.salt ^ 0x165667b1
    for (let start = 0; start < length; start += 1) {
      const unit = folded[start] ?? BLANK
      let hash = Math.imul(seed ^ unit, 0x01000193)
      const unspaced = kinds[unit] === UNSPACED
      if (unspaced || kinds[unit] === SYMBOL) this.add(hash, start, start + 1)
      const longest = Math.min(length, start + (unspaced ? 3 : 4))
      const shortest = unspaced ? 2 : 3
      for (let end = start + 1; end < longest; end += 1) {
        hash = Math.imul(hash ^ (folded[end] ?? BLANK), 0x01000193)
        if (end - start + 1 >= shortest) this.add(hash, start, end + 1)
      }
    }
  }
}
