import { NO_RANK, type TokenTable } from './token-table.ts'

/**
 * Joining takes time in the square of a piece's length: 100 kB of one letter would take many seconds. Longer pieces, and
 * no word is one, are cut, which costs a token or two a cut: the count errs upwards.
 */
const LONGEST_PIECE = 512

/** Counts tokens as byte pair encoding makes them: of all neighbours, those that are a token of the lowest rank are joined first. */
export class BytePairs {
  readonly #table: TokenTable
  readonly #pieces: RegExp
  readonly #encoder = new TextEncoder()
  readonly #bytes = new Uint8Array(LONGEST_PIECE)
  /** Where the parts of a piece begin, and the end behind them. */
  readonly #begins = new Int32Array(LONGEST_PIECE + 1)
  /** What a part and the next would be together. */
  readonly #ranks = new Int32Array(LONGEST_PIECE)

  /** `pieces` cuts a text into what is encoded by itself: words, numbers, spaces. It is global. */
  constructor(table: TokenTable, pieces: RegExp) {
    this.#table = table
    this.#pieces = pieces
  }

  /** Special tokens are words like others: whoever writes their names has not said them. */
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

  /** Which part is joined to the next, the first of equals; -1 where no two are a token. */
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
