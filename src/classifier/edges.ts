/** Edges of one state are looked through one by one down from here, halved before. */
const FEW = 8

const MOST_BITS = 16

/**
 * The edges of an automaton, those of a state side by side in the order of their symbols: most walks end within their
 * first states, which share a few lines of the processor's cache, whatever else ran since the text before.
 */
export interface EdgeTable {
  /** Where the edges of each state begin; those of the next state end them. */
  readonly starts: Uint32Array
  /** Symbol and target of each edge, 16 bits each. */
  readonly edges: Uint32Array
}

/** `leaving[state]` are the targets by symbol; both are less than 65,536. */
export function edgesOf(leaving: readonly ReadonlyMap<number, number>[]): EdgeTable {
  const starts = new Uint32Array(leaving.length + 1)
  const edges = new Uint32Array(leaving.reduce((sum, { size }) => sum + size, 0))
  let end = 0
  for (const [state, targets] of leaving.entries()) {
    const sorted = [...targets].sort(([a], [b]) => a - b)
    for (const [symbol, target] of sorted) edges[end++] = (symbol << MOST_BITS) | target
    starts[state + 1] = end
  }
  return { starts, edges }
}

/** Where `symbol` leads from `state`; 0 where it leads nowhere. */
export function follow({ starts, edges }: EdgeTable, state: number, symbol: number): number {
  let low = starts[state] ?? 0
  let high = starts[state + 1] ?? 0
  while (high - low > FEW) {
    const middle = (low + high) >>> 1
    if ((edges[middle] ?? 0) >>> MOST_BITS <= symbol) low = middle
    else high = middle
  }
  for (; low < high; low += 1) {
    const edge = edges[low] ?? 0
    if (edge >>> MOST_BITS === symbol) return edge & 0xffff
  }
  return 0
}
