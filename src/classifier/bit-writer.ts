/** Writes numbers of any width one after the other, the highest bit first. It owns its memory, which grows. */
export class BitWriter {
  #bytes = Buffer.alloc(4_096)
  #length = 0
  #held = 0
  #bits = 0

  /** The lowest `width` bits of `value`; at most 24 at once. */
  write(value: number, width: number): void {
    this.#held = (this.#held << width) | (value & ((1 << width) - 1))
    this.#bits += width
    while (this.#bits >= 8) {
      this.#bits -= 8
      this.#push((this.#held >>> this.#bits) & 0xff)
    }
    this.#held &= (1 << this.#bits) - 1
  }

  /** So many ones, and a zero that ends them. */
  writeUnary(count: number): void {
    let left = count
    for (; left >= 16; left -= 16) this.write(0xffff, 16)
    this.write((1 << (left + 1)) - 2, left + 1)
  }

  /** All that was written since the last call, filled up to whole bytes. A copy. */
  take(): Buffer {
    if (this.#bits > 0) this.write(0, 8 - this.#bits)
    const taken = Buffer.from(this.#bytes.subarray(0, this.#length))
    this.#length = 0
    this.#held = 0
    this.#bits = 0
    return taken
  }

  #push(byte: number): void {
    if (this.#length === this.#bytes.length)
      this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(this.#length)])
    this.#bytes[this.#length] = byte
    this.#length += 1
  }
}
