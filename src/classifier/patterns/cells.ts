/** Nowhere to go: no part can be found any more. */
export const DEAD = 0

/** Edges of one state are looked through one by one down from here, halved before. */
const FEW = 8

/** What the first cell of a state says beside a number. */
export const FINDS = 0x8000_0000
export const FINDS_AT_END = 0x4000_0000
/** Letters that lead nowhere by themselves are read by their group. */
export const READS_GROUPS = 0x2000_0000
/** The number is the symbol of the state's only edge, and the state it leads to stands in the next cell. */
export const LEADS_ON = 0x1000_0000
/** The number; else that of the edges in the cells behind. */
export const NUMBER = 0x0fff_ffff

/**
 * The states of an automaton, known by their places: all that is to know of one side by side, and behind it one that it
 * leads to. So a step reads a line of the processor's cache, whatever else ran since the text before.
 */
export interface CellTable {
  /** States one after the other: a head, and its edges in the order of their symbols. */
  readonly cells: Uint32Array
  /** An edge is a symbol, and in so many bits below it a place. */
  readonly placeBits: number
}

/** Where the `count` edges from `from` on lead on a symbol. */
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
