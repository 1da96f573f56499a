import { type CellTable, DEAD, edgeIn, FINDS, FINDS_AT_END, LEADS_ON, NUMBER, READS_GROUPS } from './cells.ts'

type Parts = readonly number[]
const NONE: Parts = []

/** The parts found at each state. */
export interface Findings {
  readonly places: Uint32Array
  /** Start of each state's parts; they end where the next state's begin. */
  readonly starts: Uint32Array
  readonly parts: Uint16Array
}

/** An automaton as plain data, to be stored or sent between threads. */
export interface AutomatonTable {
  readonly states: CellTable
  /** Initial state at the start of the text, and elsewhere. */
  readonly first: number
  readonly later: number
  /** Parts found on reaching a state, and those found only if the text ends there. */
  readonly found: Findings
  readonly foundAtEnd: Findings
}

/**
 * A deterministic automaton that matches many parts, all starting at the same letter. It is complete before
 * the first text, so it neither grows nor slows down at run time; and because no part may start later than
 * the others, it is about as large as the patterns themselves.
 */
export class Automaton {
  readonly first: number
  readonly later: number

  private readonly states: CellTable
  private readonly groupOf: Uint16Array
  private readonly found: ReadonlyMap<number, Parts>
  private readonly foundAtEnd: ReadonlyMap<number, Parts>

  /** `groupOf` maps each symbol to its group. */
  constructor({ states, first, later, found, foundAtEnd }: AutomatonTable, groupOf: Uint16Array) {
    this.states = states
    this.groupOf = groupOf
    this.first = first
    this.later = later
    this.found = listsOf(found)
    this.foundAtEnd = listsOf(foundAtEnd)
  }

  /** Upper bound of all states' offsets, exclusive. */
  get end(): number {
    return this.states.cells.length
  }

  /** The state reached from `place` on a symbol. */
  step(place: number, symbol: number): number {
    const { states } = this
    const head = states.cells[place] ?? 0
    const number = head & NUMBER
    if ((head & LEADS_ON) !== 0) return number === symbol ? place + 1 : DEAD
    const next = edgeIn(states, place + 1, number, symbol)
    if (next !== DEAD || (head & READS_GROUPS) === 0) return next
    return edgeIn(states, place + 1, number, this.groupOf[symbol] ?? 0)
  }

  /** Writes the transitions of a state, as by `step`, for all symbols from index `at`. Expects zeros. */
  spread(place: number, into: Uint16Array | Uint32Array, at: number): void {
    const { groupOf, states } = this
    const { cells, placeBits } = states
    const head = cells[place] ?? 0
    if ((head & LEADS_ON) !== 0) {
      into[at + (head & NUMBER)] = place + 1
      return
    }
    for (const edge of cells.subarray(place + 1, place + 1 + (head & NUMBER)))
      into[at + (edge >>> placeBits)] = edge & ((1 << placeBits) - 1)
    if ((head & READS_GROUPS) === 0) return
    for (const [symbol, group] of groupOf.entries())
      if (into[at + symbol] === DEAD) into[at + symbol] = into[at + group] ?? DEAD
  }

  /** Whether reaching this state finds anything. */
  finds(place: number): boolean {
    return ((this.states.cells[place] ?? 0) & FINDS) !== 0
  }

  foundAt(place: number): Parts {
    return this.found.get(place) ?? NONE
  }

  foundIfEndingAt(place: number): Parts {
    return ((this.states.cells[place] ?? 0) & FINDS_AT_END) !== 0
      ? (this.foundAtEnd.get(place) ?? NONE)
      : NONE
  }
}

function listsOf({ places, starts, parts }: Findings): ReadonlyMap<number, Parts> {
  return new Map(
    Array.from(places, (place, index) => [place, [...parts.subarray(starts[index], starts[index + 1])]]),
  )
}
