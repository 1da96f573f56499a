import { Automaton, type AutomatonTable, DEAD } from './automaton.ts'
import { determine } from './determine.ts'
import { LongPart, longPartsOf } from './long-part.ts'
import { compileParts, partsOf, type Where } from './pattern.ts'

/** Letters a match is followed for before the plain engine takes over: what keeps time linear in the text. */
export const REACH = 128

/** Far more than any sensible set of patterns needs; each takes a few hundred bytes while it is built. */
export const MOST_STATES = 60_000

/** Memory for texts of this many letters is kept; longer ones get their own. */
const USUAL = 8_192

const NONE: readonly number[] = []

/** What compiling patterns comes to, as plain data. */
export interface PatternTable {
  readonly automaton: AutomatonTable
  /** The parts that may match more letters than the automaton follows. */
  readonly long: readonly number[]
}

/** Answers which patterns match, in their order. */
export type Finder = (text: string) => readonly number[]

/** Compiles patterns into one automaton. Throws a `PatternError`. */
export function tabulate(patterns: readonly string[], where: Where): PatternTable {
  const { parts, owners } = split(patterns, where)
  const program = compileParts(parts, (part) => patterns[owners[part] ?? 0] ?? '')
  return { automaton: determine(program, MOST_STATES), long: longPartsOf(program, REACH) }
}

/** The parts of all patterns, which pattern each belongs to, and how many each has. */
function split(patterns: readonly string[], where: Where) {
  const parsed = patterns.map((pattern) => partsOf(pattern, where))
  return {
    parts: parsed.flat(),
    owners: parsed.flatMap((own, owner) => own.map(() => owner)),
    sizes: parsed.map((own) => own.length),
  }
}

/** Many patterns, found in one pass and in time linear in the text. `table` is what they were compiled to. */
export function createFinder(patterns: readonly string[], where: Where, table: PatternTable): Finder {
  const { parts, owners, sizes } = split(patterns, where)
  const long = table.long.map((part) => new LongPart(part, parts[part] ?? ''))
  const automaton = new Automaton(table.automaton)
  const { symbols, first, later } = automaton
  const openings = where === 'anywhere' ? openingsOf(automaton) : undefined

  const usual = new Uint16Array(USUAL)
  let spelt = usual
  let length = 0
  /** Which search found a part last; which one met a pattern last, and how many of its parts it still misses. */
  const foundIn = new Float64Array(parts.length)
  const metIn = new Float64Array(patterns.length)
  const missing = new Int32Array(patterns.length)
  let search = 0
  let whole: number[] = []

  function add(found: readonly number[]): void {
    for (const part of found) {
      if (foundIn[part] === search) continue
      foundIn[part] = search
      const owner = owners[part] ?? 0
      const left = (metIn[owner] === search ? (missing[owner] ?? 1) : (sizes[owner] ?? 1)) - 1
      metIn[owner] = search
      missing[owner] = left
      if (left === 0) whole.push(owner)
    }
  }

  /** Walks on from the state after the letter before `from`. Answers whether it was stopped by `until`. */
  function walk(state: number, from: number, until: number): boolean {
    let now = state
    for (let at = from; now !== DEAD; at += 1) {
      if (automaton.finds[now] === 1) add(automaton.found[now] ?? NONE)
      if (at >= until) {
        if (at === length) add(automaton.foundAtEnd[now] ?? NONE)
        return at < length
      }
      now = automaton.step(now, spelt[at] ?? 0)
    }
    return false
  }

  return (text) => {
    // Most turns begin like no follow-up of a language.
    if (where === 'whole' && text !== '' && automaton.step(first, symbols.firstOf(text)) === DEAD) return NONE
    search += 1
    whole = []
    spelt = text.length <= USUAL ? usual : new Uint16Array(text.length)
    length = symbols.spell(text, spelt)
    if (automaton.finds[first] === 1 || length === 0) walk(first, 0, 0)
    if (length > 0) walk(automaton.step(first, spelt[0] ?? 0), 1, length)
    if (openings !== undefined) {
      let overlong = false
      for (let at = 1; at < length; at += 1) {
        const row: number = openings.rowOf[spelt[at] ?? 0] ?? 0
        if (row === 0) continue
        const opened = openings.states[row] ?? DEAD
        const until = Math.min(length, at + REACH)
        if (at + 1 === length || automaton.finds[opened] === 1) {
          if (walk(opened, at + 1, until)) overlong = true
        } else {
          const next = openings.table[row * symbols.size + (spelt[at + 1] ?? 0)] ?? DEAD
          if (next !== DEAD && walk(next, at + 2, until)) overlong = true
        }
      }
      if (length > 0) walk(later, length, length)
      if (overlong) for (const part of long) if (part.found(text)) add([part.index])
    }
    return whole.length < 2 ? whole : whole.sort((a, b) => a - b)
  }
}

/** The first two letters of every walk, in a plain table: most walks end there, in any text. */
interface Openings {
  /** The row of each first letter; 0 where nothing begins so. */
  readonly rowOf: Uint16Array
  /** The state a row stands for. */
  readonly states: Uint16Array
  /** Row × symbols + second letter: the state after both. */
  readonly table: Uint16Array
}

function openingsOf(automaton: Automaton): Openings {
  const { size } = automaton.symbols
  const states = [DEAD]
  const rowOf = new Uint16Array(size)
  const rows = new Map([[DEAD, 0]])
  for (let symbol = 0; symbol < size; symbol += 1) {
    const state = automaton.step(automaton.later, symbol)
    const row = rows.get(state) ?? states.push(state) - 1
    rows.set(state, row)
    rowOf[symbol] = row
  }
  const table = new Uint16Array(states.length * size)
  for (const [row, state] of states.entries()) {
    for (let symbol = 0; symbol < size && row > 0; symbol += 1) {
      table[row * size + symbol] = automaton.step(state, symbol)
    }
  }
  return { rowOf, states: Uint16Array.from(states), table }
}
