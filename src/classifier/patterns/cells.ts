/** The dead state: no part can be found any more. */
export const DEAD = 0

/** Up to this many edges are searched linearly, more by bisection first. */
const FEW = 8

/** Flags in a state's first cell, beside the number. */
export const FINDS = 0x8000_0000
export const FINDS_AT_END = 0x4000_0000
/** Symbols without an edge of their own fall back to their group's. */
export const READS_GROUPS = 0x2000_0000
/** The number is the symbol of the state's only edge, and its target state is in the next cell. */
export const LEADS_ON = 0x1000_0000
/** The number: with `LEADS_ON` a symbol, otherwise the count of edges that follow. */
export const NUMBER = 0x0fff_ffff

/**
 * The states of an automaton, identified by their offsets. All data of a state is contiguous and followed by
 * one of its successors, so a step touches a single cache line, whatever else ran since the last text.
 */
export interface CellTable {
  /** One state after the other: a header cell, then its edges sorted by symbol. */
  readonly cells: Uint32Array
  /** An edge is a symbol in the high bits and an offset in this many low bits. */
  readonly placeBits: number
}

/** The target on `symbol` among the `count` edges starting at `from`. */
export function edgeIn({ cells, placeBits }: CellTable, from: number, count: number, symbol: number): number {
  let low = from
  let high = from + count
  while (high - low > FEW) {
    const middle = (low + high) >>> 1
    if ((cells[middle] ?? 0) >>> placeBits <= symbol) low = middle
    else high = middle
  }
  for (; low < high; low += 1) {
    const edge = cells[low] ?? 0
    if (edge >>> placeBits === symbol) return edge & ((1 << placeBits) - 1)
  }
  return DEAD
}
