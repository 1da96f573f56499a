/** Bits of a bucket; what is left of a positive 32-bit integer tells which text had it. */
const BUCKET_BITS = 18
const TEXTS = 2 ** (31 - BUCKET_BITS)

/**
 * The buckets a text has had so far. As small as the text allows: a mark for every bucket there is would be looked up all
 * over a quarter of a megabyte, and pushed out of the processor's cache by whatever else the program does.
 */
export class BucketSet {
  /** Open addressing: the number of the text, then the bucket. Slots of earlier texts are free. */
  private readonly slots: Int32Array
  private mask = 0
  private text = 0

  /** `most` is the largest number of buckets any text has. */
  constructor(most: number) {
    this.slots = new Int32Array(roomFor(most))
  }

  /** Begins with a text of at most so many buckets. */
  begin(most: number): void {
    this.mask = Math.min(this.slots.length, roomFor(most)) - 1
    this.text += 1
    if (this.text < TEXTS) return
    this.slots.fill(0)
    this.text = 1
  }

  /** False for a bucket that is there already. */
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

/** A power of two, never filled. */
function roomFor(most: number): number {
  return 2 ** Math.ceil(Math.log2(most + 1))
}
