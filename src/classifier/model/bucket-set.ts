/**
 * The buckets seen so far in a text, a bit each: 128 KB, which the second-level cache of any processor holds.
 * Nothing here is a branch: whether an n-gram is a repetition cannot be predicted, and a wrong guess costs
 * more than everything else that is done with it.
 */
export class BucketSet {
  private readonly bits: Int32Array

  /** `size`: buckets are less than this. */
  constructor(size: number) {
    this.bits = new Int32Array(Math.ceil(size / 32))
  }

  /** Adds a bucket; 1 if it is new, 0 if it was added before. */
  add(bucket: number): number {
    const { bits } = this
    const place = bucket >>> 5
    const word = bits[place] ?? 0
    // Shifts use the lowest five bits of their count.
    bits[place] = word | (1 << bucket)
    return (~word >>> bucket) & 1
  }

  /** Removes the first `count` of these buckets, which must be all that were added. */
  clear(buckets: Int32Array, count: number): void {
    for (let index = 0; index < count; index += 1) this.bits[(buckets[index] ?? 0) >>> 5] = 0
  }
}
