import { NO_RANK, type TokenTable } from './token-table.ts'

/**
 * Merging takes quadratic time in a piece's length: 100 kB of one letter would take many seconds. Longer
 * pieces, which no word is, are split; each split costs a token or two, so the count errs upwards.
 */
const LONGEST_PIECE = 512

/** Counts tokens by byte pair encoding: repeatedly merges the adjacent pair with the lowest rank. */
export class BytePairs {
  readonly #table: TokenTable
  readonly #pieces: RegExp
  readonly #encoder = new TextEncoder()
  readonly #bytes = new Uint8Array(LONGEST_PIECE)
  /** Where the parts of a piece begin, followed by the piece's end. */
  readonly #begins = new Int32Array(LONGEST_PIECE + 1)
  /** The rank of each part merged with the next. */
  readonly #ranks = new Int32Array(LONGEST_PIECE)

  /** `pieces`: a global regex that splits text into units encoded separately: words, numbers, spaces. */
  constructor(table: TokenTable, pieces: RegExp) {
    this.#table = table
    this.#pieces = pieces
  }

  /** Special tokens count as ordinary text: writing their names does not produce them. */
  count(text: string): number {
    let tokens = 0
    for (const [piece] of text.matchAll(this.#pieces)) {
      for (let rest = piece; rest !== ''; ) {
        const { read, written } = this.#encoder.encodeInto(rest, this.#bytes)
        tokens += this.#countBytes(written)
        rest = rest.slice(read)
      }
    }
    return tokens
  }

  #countBytes(length: number): number {
    if (this.#table.rankOf(this.#bytes, 0, length) !== NO_RANK) return 1
    for (let part = 0; part <= length; part += 1) this.#begins[part] = part
    for (let part = 0; part < length; part += 1) this.#rank(part, length)
    let parts = length
    for (let joined = this.#lowest(parts); joined !== -1; joined = this.#lowest(parts)) {
      this.#begins.copyWithin(joined + 1, joined + 2, parts + 1)
      this.#ranks.copyWithin(joined + 1, joined + 2, parts)
      parts -= 1
      this.#rank(joined, parts)
      if (joined > 0) this.#rank(joined - 1, parts)
    }
    return parts
  }

  #rank(part: number, parts: number): void {
    const [begin = 0, end = 0] = [this.#begins[part], this.#begins[part + 2]]
    this.#ranks[part] = part + 1 < parts ? this.#table.rankOf(this.#bytes, begin, end) : NO_RANK
  }

  /** The part to merge with its successor, the first if ranks are equal; -1 if no merge is left. */
  #lowest(parts: number): number {
    let found = -1
    let lowest = NO_RANK
    for (let part = 0; part < parts; part += 1) {
      const rank = this.#ranks[part] ?? NO_RANK
      if (rank < lowest) {
        lowest = rank
        found = part
      }
    }
    return found
  }
}
