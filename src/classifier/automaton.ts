import { Edges } from './edges.ts'
import { NOP, PatternError, type Program } from './pattern.ts'
import { type LetterSet, Symbols } from './symbols.ts'
import { type Reached, Walker } from './walker.ts'

/** Nowhere to go: no part can be found any more. */
export const DEAD = 0

type Parts = readonly number[]
const NONE: Parts = []

/**
 * A deterministic automaton of many parts, all begun at the same letter. It is built whole before the first text, so
 * that it neither grows nor slows down with what it reads; since no part may begin later than the others, it stays
 * about as large as the patterns written out.
 */
export class Automaton {
  readonly symbols: Symbols
  /** Where a walk begins at the start of the text, and anywhere else. */
  readonly first: number
  readonly later: number
  /** Parts found on arriving in a state, and those found only if the text ends there. */
  readonly found: Parts[] = [NONE]
  readonly foundAtEnd: Parts[] = [NONE]
  /** Whether arriving in a state finds anything. */
  readonly finds: Uint8Array

  private readonly edges: Edges
  /** Whether a state reads letters by their group. */
  private readonly readsGroups: Uint8Array
  private readonly groupOf: Uint16Array

  /** Throws a `PatternError` where the program needs more than `mostStates`. */
  constructor(program: Program, mostStates: number) {
    this.symbols = new Symbols(new Set(program.steps.flatMap(({ op, ranges }) => (op > NOP ? [ranges] : []))))
    this.groupOf = this.symbols.groupOf
    const walker = new Walker(program)
    const letters = program.steps.map(({ ranges }) => this.symbols.setOf(ranges))
    const sets: Parts[] = [NONE]
    const known = new Map<string, number>()
    const edges: ReadonlyMap<number, number>[] = [new Map()]
    const readsGroups: number[] = [0]

    const stateOf = ({ reading, found, foundAtEnd }: Reached): number => {
      if (reading.length + found.length + foundAtEnd.length === 0) return DEAD
      const name = `${reading}|${found}|${foundAtEnd}`
      const before = known.get(name)
      if (before !== undefined) return before
      if (sets.length > mostStates)
        throw new PatternError(
          `the patterns together need more than ${mostStates} states: wildcards and counted repeats before long alternatives do that`,
        )
      known.set(name, sets.length)
      this.found.push(found)
      this.foundAtEnd.push(foundAtEnd)
      return sets.push(reading) - 1
    }
    /** The state after each step that is read alone, which is the commonest case by far; -1 where not known yet. */
    const alone = new Int32Array(program.steps.length).fill(-1)
    const together = new Map<string, number>()
    const outOf = (step: number) => program.steps[step]?.out ?? 0
    const stateAfter = (steps: Parts): number => {
      const [only = 0] = steps
      const name = steps.length === 1 ? undefined : steps.join()
      const before = name === undefined ? alone[only] : together.get(name)
      if (before !== undefined && before !== -1) return before
      const state = stateOf(walker.reach(steps.map(outOf), false))
      if (name === undefined) alone[only] = state
      else together.set(name, state)
      return state
    }

    this.first = stateOf(walker.reach([program.start], true))
    this.later = stateOf(walker.reach([program.start], false))
    for (let state = 1; state < sets.length; state += 1) {
      const reading = sets[state] ?? NONE
      const [only] = reading
      const set = reading.length === 1 && only !== undefined ? letters[only] : undefined
      const leaving = set === undefined ? sort(reading, letters, this.groupOf) : undefined
      const targets = new Map<number, number>()
      for (const symbol of set?.symbols ?? leaving?.keys() ?? NONE) {
        const target = stateAfter(leaving?.get(symbol) ?? reading)
        if (target !== DEAD) targets.set(symbol, target)
      }
      edges.push(targets)
      readsGroups.push(reading.some((step) => letters[step]?.wide === true) ? 1 : 0)
    }

    this.edges = new Edges(edges)
    this.readsGroups = Uint8Array.from(readsGroups)
    this.finds = Uint8Array.from(this.found, (found) => (found.length > 0 ? 1 : 0))
  }

  get states(): number {
    return this.found.length
  }

  /** The state after `state` on a symbol. */
  step(state: number, symbol: number): number {
    const next = this.edges.follow(state, symbol)
    if (next !== DEAD || this.readsGroups[state] === 0) return next
    return this.edges.follow(state, this.groupOf[symbol] ?? 0)
  }
}

/** Which steps read each symbol: a letter that small sets name is read by those of its group too. */
function sort(
  reading: Parts,
  letters: readonly LetterSet[],
  groupOf: Uint16Array,
): ReadonlyMap<number, Parts> {
  const leaving = new Map<number, number[]>()
  const wide = new Set<number>()
  for (const step of reading) {
    const set = letters[step]
    for (const symbol of set?.symbols ?? NONE) {
      const steps = leaving.get(symbol)
      if (steps === undefined) leaving.set(symbol, [step])
      else steps.push(step)
      if (set?.wide === true) wide.add(symbol)
    }
  }
  if (wide.size > 0) {
    for (const [symbol, steps] of leaving) {
      if (!wide.has(symbol)) steps.push(...(leaving.get(groupOf[symbol] ?? 0) ?? NONE))
    }
  }
  return leaving
}
