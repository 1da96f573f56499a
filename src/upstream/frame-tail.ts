/** A blank line may be split between two chunks: so many bytes before a chunk may belong to it. */
const OVERLAP = 3

/** The bytes of an event stream since its last complete frame. Grows by doubling, so a slow drip stays linear. */
export class FrameTail {
  readonly #mostBytes: number
  #bytes = Buffer.allocUnsafe(0)
  #length = 0

  /** Keeps frames up to this length. */
  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes
  }

  get length(): number {
    return this.#length
  }

  /** Whether the frame stays within its bound with this chunk. */
  fits(chunk: Buffer): boolean {
    return this.#length + chunk.length <= this.#mostBytes
  }

  /** Adds a chunk. Answers false when the frame has outgrown its bound: then only its last bytes are kept. */
  append(chunk: Buffer): boolean {
    const fits = this.fits(chunk)
    if (!fits) this.drop(Math.max(0, this.#length - OVERLAP))
    const need = this.#length + chunk.length
    if (need > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(need, this.#bytes.length * 2, 512))
      this.#bytes.copy(larger, 0, 0, this.#length)
      this.#bytes = larger
    }
    chunk.copy(this.#bytes, this.#length)
    this.#length = need
    return fits
  }

  /** A view that the next call invalidates. */
  view(): Buffer {
    return this.#bytes.subarray(0, this.#length)
  }

  /** Forgets the first `count` bytes. */
  drop(count: number): void {
    this.#bytes.copyWithin(0, count, this.#length)
    this.#length -= count
  }
}
