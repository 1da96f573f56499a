/** Padding after the last byte, so that reading 32 bits ahead needs no check. */
const SPARE = 8

/** Reads what a `BitWriter` wrote. Past the end it yields zeros and sets `overrun`. */
export class BitReader {
  #bytes: Uint8Array = new Uint8Array(4_096)
  #length = 0
  #at = 0

  /** Starts reading these bytes, given as base64. */
  openBase64(text: string): void {
    const most = Math.ceil((text.length * 3) / 4)
    if (this.#bytes.length < most + SPARE) this.#bytes = new Uint8Array(2 * (most + SPARE))
    const { buffer } = this.#bytes
    this.#length = Buffer.from(buffer, 0, most).write(text, 'base64')
    this.#bytes.fill(0, this.#length, this.#length + SPARE)
    this.#at = 0
  }

  /** More was read than exists: these are not the bytes that were written. */
  get overrun(): boolean {
    return this.#at > this.#length * 8
  }

  /** At least the next 25 bits, left-aligned, zeros below. */
  #ahead(): number {
    const bytes = this.#bytes
    const at = this.#at >>> 3
    const word =
      ((bytes[at] ?? 0) << 24) |
      ((bytes[at + 1] ?? 0) << 16) |
      ((bytes[at + 2] ?? 0) << 8) |
      (bytes[at + 3] ?? 0)
    return word << (this.#at & 7)
  }

  /** `width` is at most 24. */
  read(width: number): number {
    if (width === 0) return 0
    const value = this.#ahead() >>> (32 - width)
    this.#at += width
    return value
  }

  readUnary(): number {
    let count = 0
    while (!this.overrun) {
      const ones = Math.min(24, Math.clz32(~this.#ahead()))
      count += ones
      this.#at += ones
      if (ones < 24) break
    }
    this.#at += 1
    return count
  }
}
