import { readFileSync } from 'node:fs'

/** Not a token. Greater than any rank. */
export const NO_RANK = 0x7fffffff

/** Capacity of the table, in tokens. */
const MOST_TOKENS = 2 ** 18
/** At least two per token, so that a lookup, hit or miss, takes a step or two. */
const SLOTS = 2 * MOST_TOKENS

const NEWLINE = 0x0a
const SPACE = 0x20

/**
 * All tokens of an encoding, indexed by their bytes, in three flat arrays of 4 MB in total. As strings in a
 * map, as in libraries, they take 25 MB of heap, and most of that again while loading.
 */
export class TokenTable {
  /** The bytes of all tokens, in rank order. */
  readonly #bytes: Uint8Array
  /** Where each rank's bytes begin; they end where the next rank's begin. */
  readonly #begins = new Uint32Array(MOST_TOKENS + 1)
  /** Ranks plus one, by the hash of their bytes; 0 marks a free slot. */
  readonly #slots = new Int32Array(SLOTS)

  /** Reads a file with one line per token in rank order: its bytes in Base64, a space, its rank. */
  constructor(file: URL) {
    const text = readFileSync(file)
    let tokens = 0
    let end = 0
    // Decoded in place: the output is always shorter than its input.
    for (let line = 0, next = 0; line < text.length; line = next) {
      const newline = text.indexOf(NEWLINE, line)
      next = newline === -1 ? text.length : newline + 1
      end += text.write(text.toString('latin1', line, text.indexOf(SPACE, line)), end, 'base64')
      tokens += 1
      this.#begins[tokens] = end
    }
    // Frees the rest of the buffer at once instead of at the next full collection.
    this.#bytes = new Uint8Array(text.buffer.transfer(end))
    for (let rank = 0; rank < tokens; rank += 1) this.#insert(rank)
  }

  /** The rank of the token with the bytes from `start` to `end`, or `NO_RANK`. */
  rankOf(bytes: Uint8Array, start: number, end: number): number {
    for (let slot = slotOf(bytes, start, end); ; slot = (slot + 1) % SLOTS) {
      const rank = (this.#slots[slot] ?? 0) - 1
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

  #insert(rank: number): void {
    let slot = slotOf(this.#bytes, this.#begins[rank] ?? 0, this.#begins[rank + 1] ?? 0)
    while (this.#slots[slot] !== 0) slot = (slot + 1) % SLOTS
    this.#slots[slot] = rank + 1
  }
}

/** FNV-1a, with its upper half folded into the lower. */
function slotOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193)
  return (hash ^ (hash >>> 16)) & (SLOTS - 1)
}
