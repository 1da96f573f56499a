/** Bits per bucket; the other bits of a positive 32-bit integer identify the text. */
const BUCKET_BITS = 18
const TEXTS = 2 ** (31 - BUCKET_BITS)

/**
 * The buckets seen so far in a text. As small as the text allows: a flag per bucket would be spread over a
 * quarter of a megabyte and constantly evicted from the CPU cache by the rest of the program.
 */
export class BucketSet {
  /** Open addressing. An entry is the text's number and the bucket; earlier texts' entries count as free. */
  private readonly slots: Int32Array
  private mask = 0
  private text = 0

  /** `most` is the largest number of buckets of any text. */
  constructor(most: number) {
    this.slots = new Int32Array(roomFor(most))
  }

  /** Starts a text with at most this many buckets. */
  begin(most: number): void {
    this.mask = Math.min(this.slots.length, roomFor(most)) - 1
    this.text += 1
    if (this.text < TEXTS) return
    this.slots.fill(0)
    this.text = 1
  }

  /** False if the bucket was already added. */
  add(bucket: number): boolean {
    const { slots, mask } = this
    const entry = (this.text << BUCKET_BITS) | bucket
    let slot = bucket & mask
    for (let there = slots[slot] ?? 0; there >>> BUCKET_BITS === this.text; there = slots[slot] ?? 0) {
      if (there === entry) return false
      slot = (slot + 1) & mask
    }
    slots[slot] = entry
    return true
  }
}

/** A power of two that always leaves a free slot. */
function roomFor(most: number): number {
  return 2 ** Math.ceil(Math.log2(most + 1))
}
