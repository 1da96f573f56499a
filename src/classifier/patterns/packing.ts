import { type CellTable, FINDS, FINDS_AT_END, LEADS_ON, READS_GROUPS } from './cells.ts'
import { PatternError } from './pattern.ts'

/** A state with a number but no offset yet. */
export interface State {
  /** Numbers of other states, by symbol. */
  readonly targets: ReadonlyMap<number, number>
  readonly finds: boolean
  readonly findsAtEnd: boolean
  readonly readsGroups: boolean
}

export interface Packed {
  readonly table: CellTable
  /** The offset of each state. */
  readonly places: Uint32Array
}

/** Lays out states over this many symbols in cells, the dead one first. Throws `PatternError` if too many. */
export function packed(states: readonly State[], symbols: number): Packed {
  const order = inDepth(states)
  const places = new Uint32Array(states.length)
  let size = 0
  for (const { number, state, leadsOn } of order) {
    places[number] = size
    size += leadsOn ? 1 : 1 + state.targets.size
  }
  const placeBits = Math.min(31, Math.clz32(symbols))
  if (size > 2 ** placeBits)
    throw new PatternError(
      `the patterns together need ${size} states and edges over ${symbols} letters: too many`,
    )

  const cells = new Uint32Array(size)
  let at = 0
  for (const { state, leadsOn } of order) {
    const [only = 0] = state.targets.keys()
    cells[at++] = flagsOf(state) + (leadsOn ? LEADS_ON + only : state.targets.size)
    if (leadsOn) continue
    for (const [symbol, target] of [...state.targets].sort(([a], [b]) => a - b))
      cells[at++] = symbol * 2 ** placeBits + (places[target] ?? 0)
  }
  return { table: { cells, placeBits }, places }
}

interface Laid {
  readonly number: number
  readonly state: State
  /** Its only edge leads to the next state. */
  readonly leadsOn: boolean
}

/** All states in depth-first order, so that a state is followed by one of its successors where possible. */
function inDepth(states: readonly State[]): readonly Laid[] {
  const order: number[] = []
  const isLaid = new Uint8Array(states.length)
  for (const first of states.keys()) {
    const open = [first]
    for (let number = open.pop(); number !== undefined; number = open.pop()) {
      if (isLaid[number] === 1) continue
      isLaid[number] = 1
      order.push(number)
      open.push(...(states[number]?.targets.values() ?? []))
    }
  }
  return order.flatMap((number, index) => {
    const state = states[number]
    if (state === undefined) return []
    const [target] = state.targets.values()
    const leadsOn = state.targets.size === 1 && !state.readsGroups && target === order[index + 1]
    return [{ number, state, leadsOn }]
  })
}

function flagsOf({ finds, findsAtEnd, readsGroups }: State): number {
  return (finds ? FINDS : 0) + (findsAtEnd ? FINDS_AT_END : 0) + (readsGroups ? READS_GROUPS : 0)
}
