import { readFileSync } from 'node:fs'

/** No token has these bytes. Larger than any rank. */
export const NO_RANK = 0x7fffffff

/** As many tokens as a table has room for. */
const MOST_TOKENS = 2 ** 18
/** Two at least for each token, so that it is found, or found to be missing, in a step or two. */
const PLACES = 2 * MOST_TOKENS

const NEWLINE = 0x0a
const SPACE = 0x20

/**
 * All tokens of an encoding by their bytes, in three flat arrays of 4 MB together. As strings in a map, which is how libraries have
 * them, they take 25 MB of heap and most of that again while they are read.
 */
export class TokenTable {
  /** The bytes of all tokens, in the order of their ranks. */
  readonly #bytes: Uint8Array
  /** Where a rank's bytes begin; those of the next begin where they end. */
  readonly #begins = new Uint32Array(MOST_TOKENS + 1)
  /** Ranks by the hash of their bytes; 0 is a free place, so each is one more. */
  readonly #places = new Int32Array(PLACES)

  /** From a file of a line for each token in the order of their ranks: its bytes in Base64, a space, its rank. */
  constructor(file: URL) {
    const text = readFileSync(file)
    let tokens = 0
    let end = 0
    // Decoded in place: what is written takes less than what it was read from.
    for (let line = 0, next = 0; line < text.length; line = next) {
      const newline = text.indexOf(NEWLINE, line)
      next = newline === -1 ? text.length : newline + 1
      end += text.write(text.toString('latin1', line, text.indexOf(SPACE, line)), end, 'base64')
      tokens += 1
      this.#begins[tokens] = end
    }
    // What is behind the end goes back at once instead of with the next full collection.
    this.#bytes = new Uint8Array(text.buffer.transfer(end))
    for (let rank = 0; rank < tokens; rank += 1) this.#place(rank)
  }

  /** The rank of the token that has the bytes from `start` to `end`, else `NO_RANK`. */
  rankOf(bytes: Uint8Array, start: number, end: number): number {
    for (let place = placeOf(bytes, start, end); ; place = (place + 1) % PLACES) {
      const rank = (this.#places[place] ?? 0) - 1
      if (rank < 0) return NO_RANK
      if (this.#isAt(rank, bytes, start, end)) return rank
    }
  }

  #isAt(rank: number, bytes: Uint8Array, start: number, end: number): boolean {
    const begin = this.#begins[rank] ?? 0
    if ((this.#begins[rank + 1] ?? 0) - begin !== end - start) return false
    for (let at = start; at < end; at += 1) {
      if (this.#bytes[begin + at - start] !== bytes[at]) return false
    }
    return true
  }

  #place(rank: number): void {
    let place = placeOf(this.#bytes, this.#begins[rank] ?? 0, this.#begins[rank + 1] ?? 0)
    while (this.#places[place] !== 0) place = (place + 1) % PLACES
    this.#places[place] = rank + 1
  }
}

/** FNV-1a, its upper half folded into the lower. */
function placeOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193)
  return (hash ^ (hash >>> 16)) & (PLACES - 1)
}
