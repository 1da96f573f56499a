import type { Askable } from '../conversation/ask.ts'
import type { Tie } from '../conversation/follow-up.ts'
import { FAMILIES, FEATURES_VERSION, type Features, MOST_FEATURES } from '../model/features.ts'
import type { ListPrints } from '../print.ts'
import { BitReader } from './bit-reader.ts'
import { readBuckets } from './bucket-code.ts'
import { RECORD_FORMAT, TIES } from './recording.ts'

/** A turn whose words are no longer known. Its features are in the reader until the next turn is read. */
export interface RecordedTurn extends Askable {
  /** Prints of the rules that fired. */
  readonly fired: readonly number[]
}

/** Why bytes cannot be read: not a recording, or features of another version. */
export type Unreadable = 'damaged' | 'features'

/** Reads recordings. It owns its memory: its output is valid until the next `open`. */
export class RecordedTurns implements Features, ListPrints {
  readonly buckets = new Int32Array(MOST_FEATURES)
  readonly familyEnds = new Int32Array(FAMILIES.length)
  salt = 0
  scaffolding = 0
  followUps = 0
  hits = 0
  /** Nothing was asked before the newest turn. */
  alone = false
  /** Whether a turn was requested that is not in the recording. */
  ranOut = false
  #more = false
  #turns = 0
  readonly #bits = new BitReader()

  /** Starts reading a recording, given as base64; returns why it cannot be read, if so. */
  open(text: string): Unreadable | undefined {
    const bits = this.#bits
    bits.openBase64(text)
    if (bits.read(8) !== RECORD_FORMAT) return 'damaged'
    if (bits.read(8) !== FEATURES_VERSION) return 'features'
    this.salt = this.#word() | 0
    this.scaffolding = this.#word()
    this.followUps = this.#word()
    this.hits = this.#word()
    this.alone = bits.read(1) === 1
    this.#more = bits.read(1) === 1
    this.#turns = bits.read(6)
    this.ranOut = false
    return bits.overrun ? 'damaged' : undefined
  }

  /** More was read than was written. */
  get damaged(): boolean {
    return this.#bits.overrun
  }

  *turns(): Generator<RecordedTurn> {
    const bits = this.#bits
    for (let index = 0; index < this.#turns && !bits.overrun; index += 1) {
      const tie: Tie = TIES[bits.read(2)] ?? 'none'
      const mayHang = bits.read(1) === 1
      const units = bits.read(8)
      const width = bits.read(8)
      const turnsBack = bits.read(16)
      const fired = Array.from({ length: bits.read(8) }, () => this.#word())
      let end = 0
      for (let family = 0; family < FAMILIES.length; family += 1) {
        end = readBuckets(bits, this.buckets, end)
        this.familyEnds[family] = end
      }
      yield { tie, mayHang, units, width, turnsBack, fired }
    }
    this.ranOut = this.#more
  }

  #word(): number {
    const high = this.#bits.read(16)
    return ((high << 16) | this.#bits.read(16)) >>> 0
  }
}
