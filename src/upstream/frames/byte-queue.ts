/** Initial allocation: a dozen frames of a chat. */
const FIRST_BYTES = 4096

const EMPTY = Buffer.alloc(0)

/** Bytes that arrive in pieces and are viewed as one. Grows by doubling, so a slow drip stays linear. */
export class ByteQueue {
  #bytes = EMPTY
  #length = 0

  get length(): number {
    return this.#length
  }

  push(piece: Buffer): void {
    const need = this.#length + piece.length
    if (need > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(need, this.#bytes.length * 2, FIRST_BYTES))
      larger.set(this.view())
      this.#bytes = larger
    }
    this.#bytes.set(piece, this.#length)
    this.#length = need
  }

  /** A view, invalidated by the next call. */
  view(): Buffer {
    return this.#bytes.subarray(0, this.#length)
  }

  /** Drops the first `count` bytes. */
  drop(count: number): void {
    if (count < this.#length) this.#bytes.copyWithin(0, count, this.#length)
    this.#length -= count
  }
}
