const MOST_AT_ONCE = 24

/** Writes numbers of any width back to back, most significant bit first, into its own growing buffer. */
export class BitWriter {
  #bytes = Buffer.alloc(4_096)
  #length = 0
  #held = 0
  #bits = 0

  /** Writes the lowest `width` bits of `value`; at most 24 at once. */
  write(value: number, width: number): void {
    this.#held = (this.#held << width) | (value & ((1 << width) - 1))
    this.#bits += width
    while (this.#bits >= 8) {
      this.#bits -= 8
      this.#push((this.#held >>> this.#bits) & 0xff)
    }
    this.#held &= (1 << this.#bits) - 1
  }

  /** Rice coding: `value` without its `low` lowest bits in unary, ones ended by a zero; then those bits. */
  writeRice(value: number, low: number): void {
    let left = value >>> low
    for (; left + low >= MOST_AT_ONCE; left -= 1) this.write(1, 1)
    const bits = value & ((1 << low) - 1)
    this.write((((1 << (left + 1)) - 2) << low) | bits, left + 1 + low)
  }

  /** Everything written since the last call, padded to whole bytes. A copy. */
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
