import { type EdgeTable, follow } from './edges.ts'
import { Symbols, type SymbolTable } from './symbols.ts'

/** Nowhere to go: no part can be found any more. */
export const DEAD = 0

type Parts = readonly number[]
const NONE: Parts = []

/** Which parts each state finds, one state after the other. */
export interface Findings {
  readonly starts: Uint32Array
  readonly parts: Uint16Array
}

/** An automaton as plain data: it can be written down, and sent from thread to thread. */
export interface AutomatonTable {
  readonly symbols: SymbolTable
  readonly edges: EdgeTable
  /** Where a walk begins at the start of the text, and anywhere else. */
  readonly first: number
  readonly later: number
  readonly found: Findings
  readonly foundAtEnd: Findings
  /** Whether a state reads letters by their group. */
  readonly readsGroups: Uint8Array
}

/**
 * A deterministic automaton of many parts, all begun at the same letter. It is whole before the first text, so that it
 * neither grows nor slows down with what it reads; since no part may begin later than the others, it stays about as
 * large as the patterns written out.
 */
export class Automaton {
  readonly symbols: Symbols
  readonly first: number
  readonly later: number
  /** Parts found on arriving in a state, and those found only if the text ends there. */
  readonly found: readonly Parts[]
  readonly foundAtEnd: readonly Parts[]
  /** Whether arriving in a state finds anything. */
  readonly finds: Uint8Array

  private readonly edges: EdgeTable
  private readonly readsGroups: Uint8Array
  private readonly groupOf: Uint16Array

  constructor(table: AutomatonTable) {
    this.symbols = new Symbols(table.symbols)
    this.groupOf = this.symbols.groupOf
    this.first = table.first
    this.later = table.later
    this.edges = table.edges
    this.readsGroups = table.readsGroups
    this.found = listsOf(table.found)
    this.foundAtEnd = listsOf(table.foundAtEnd)
    this.finds = new Uint8Array(this.found.length)
    for (const [state, found] of this.found.entries()) if (found.length > 0) this.finds[state] = 1
  }

  get states(): number {
    return this.found.length
  }

  /** The state after `state` on a symbol. */
  step(state: number, symbol: number): number {
    const next = follow(this.edges, state, symbol)
    if (next !== DEAD || this.readsGroups[state] === 0) return next
    return follow(this.edges, state, this.groupOf[symbol] ?? 0)
  }
}

/** Most states find nothing. */
function listsOf({ starts, parts }: Findings): readonly Parts[] {
  const lists = new Array<Parts>(starts.length - 1).fill(NONE)
  for (let state = 0; state < lists.length; state += 1) {
    const from = starts[state] ?? 0
    const to = starts[state + 1] ?? 0
    if (from < to) lists[state] = [...parts.subarray(from, to)]
  }
  return lists
}
