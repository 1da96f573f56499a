/**
 * Tables of pairs of signed bytes, of which two thirds are zero. Packed, a bit for each pair tells whether it
 * is one of the others, which follow in order. What is left is small numbers, and a Huffman code takes out
 * the rest.
 */

const PAIRS_A_BYTE = 8

/** Bytes of the bits of a table of `pairs`, a multiple of eight. */
export function bitmapSize(pairs: number): number {
  return pairs / PAIRS_A_BYTE
}

/** The bits, then the pairs that are not zero. */
export function packTable(table: Int8Array): Buffer {
  const pairs = table.length / 2
  const packed = Buffer.alloc(bitmapSize(pairs) + table.length)
  let end = bitmapSize(pairs)
  for (let pair = 0; pair < pairs; pair += 1) {
    const first = table[pair * 2] ?? 0
    const second = table[pair * 2 + 1] ?? 0
    if (first === 0 && second === 0) continue
    packed[pair >>> 3] = (packed[pair >>> 3] ?? 0) | (1 << (pair & 7))
    packed[end] = first
    packed[end + 1] = second
    end += 2
  }
  return packed.subarray(0, end)
}

/** Undefined if these bytes are no packed table of so many pairs. */
export function unpackTable(packed: Buffer, pairs: number): Int8Array | undefined {
  const table = new Int8Array(pairs * 2)
  const bits = bitmapSize(pairs)
  let from = bits
  for (let place = 0; place < bits; place += 1) {
    let rest = packed[place] ?? 0
    while (rest !== 0) {
      const at = (place * PAIRS_A_BYTE + 31 - Math.clz32(rest & -rest)) * 2
      table[at] = packed[from] ?? 0
      table[at + 1] = packed[from + 1] ?? 0
      from += 2
      rest &= rest - 1
    }
  }
  return from === packed.length ? table : undefined
}
