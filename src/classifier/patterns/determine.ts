import type { AutomatonTable, Findings } from './automaton.ts'
import { DEAD } from './cells.ts'
import { type LetterSet, type Letters, lettersOf } from './letters.ts'
import { packed, type State } from './packing.ts'
import { NOP, PatternError, type Program } from './pattern.ts'
import { type Reached, Walker } from './walker.ts'

type Parts = readonly number[]
const NONE: Parts = []

/** The smallest alphabet that distinguishes everything the programs do. */
export function alphabetOf(programs: readonly Program[]): Letters {
  return lettersOf(
    new Set(programs.flatMap(({ steps }) => steps.flatMap((s) => (s.op > NOP ? [s.ranges] : [])))),
  )
}

/**
 * Determinises a program by subset construction. `alphabet` is its own, or that of several programs. Throws a
 * `PatternError` above `mostStates` states.
 */
export function determine(program: Program, alphabet: Letters, mostStates: number): AutomatonTable {
  const { groupOf, size } = alphabet.table
  const letters = program.steps.map(({ ranges }) => alphabet.setOf(ranges))
  const known = new States(program, mostStates)
  const first = known.reached([program.start], true)
  const later = known.reached([program.start], false)
  const states: State[] = []
  for (let number = 0; number < known.reading.length; number += 1) {
    const reading = known.reading[number] ?? NONE
    const [only] = reading
    const set = reading.length === 1 && only !== undefined ? letters[only] : undefined
    const leaving = set === undefined ? sort(reading, letters, groupOf) : undefined
    const targets = new Map<number, number>()
    for (const symbol of set?.symbols ?? leaving?.keys() ?? NONE) {
      const target = known.after(leaving?.get(symbol) ?? reading)
      if (target !== DEAD) targets.set(symbol, target)
    }
    states.push({
      targets,
      finds: (known.found[number] ?? NONE).length > 0,
      findsAtEnd: (known.foundAtEnd[number] ?? NONE).length > 0,
      readsGroups: reading.some((step) => letters[step]?.wide === true),
    })
  }
  const { table, places } = packed(states, size)
  return {
    states: table,
    first: places[first] ?? DEAD,
    later: places[later] ?? DEAD,
    found: findingsOf(known.found, places),
    foundAtEnd: findingsOf(known.foundAtEnd, places),
  }
}

/** The states found so far, numbered in order of discovery; the dead state is first. */
class States {
  /** The steps each state consists of. */
  readonly reading: Parts[] = [NONE]
  readonly found: Parts[] = [NONE]
  readonly foundAtEnd: Parts[] = [NONE]

  readonly #program: Program
  readonly #mostStates: number
  readonly #walker: Walker
  readonly #known = new Map<string, number>()
  /** The state after each step read alone, by far the most common case; -1 if not yet known. */
  readonly #alone: Int32Array
  readonly #together = new Map<string, number>()

  constructor(program: Program, mostStates: number) {
    this.#program = program
    this.#mostStates = mostStates
    this.#walker = new Walker(program)
    this.#alone = new Int32Array(program.steps.length).fill(-1)
  }

  /** The state these steps reach before reading a letter. */
  reached(steps: Parts, atStart: boolean): number {
    return this.#stateOf(this.#walker.reach(steps, atStart))
  }

  /** The state after these steps have read a letter. */
  after(steps: Parts): number {
    const [only = 0] = steps
    const name = steps.length === 1 ? undefined : steps.join()
    const before = name === undefined ? this.#alone[only] : this.#together.get(name)
    if (before !== undefined && before !== -1) return before
    const state = this.reached(
      steps.map((step) => this.#program.steps[step]?.out ?? 0),
      false,
    )
    if (name === undefined) this.#alone[only] = state
    else this.#together.set(name, state)
    return state
  }

  #stateOf({ reading, found, foundAtEnd }: Reached): number {
    if (reading.length + found.length + foundAtEnd.length === 0) return DEAD
    const name = `${reading}|${found}|${foundAtEnd}`
    const before = this.#known.get(name)
    if (before !== undefined) return before
    if (this.reading.length > this.#mostStates)
      throw new PatternError(
        `together, the patterns need more than ${this.#mostStates} states: wildcards and counted repeats before long alternatives cause that`,
      )
    this.#known.set(name, this.reading.length)
    this.found.push(found)
    this.foundAtEnd.push(foundAtEnd)
    return this.reading.push(reading) - 1
  }
}

/** Which steps read each symbol. A letter named by small sets is also read by the steps of its group. */
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

function findingsOf(lists: readonly Parts[], places: Uint32Array): Findings {
  const finding = [...lists.keys()].filter((number) => (lists[number] ?? NONE).length > 0)
  const starts = new Uint32Array(finding.length + 1)
  for (const [index, number] of finding.entries())
    starts[index + 1] = (starts[index] ?? 0) + (lists[number] ?? NONE).length
  return {
    places: Uint32Array.from(finding, (number) => places[number] ?? 0),
    starts,
    parts: Uint16Array.from(finding.flatMap((number) => lists[number] ?? NONE)),
  }
}
