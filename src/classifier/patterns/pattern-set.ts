import { Automaton, type AutomatonTable } from './automaton.ts'
import { DEAD } from './cells.ts'
import { alphabetOf, determine } from './determine.ts'
import { LongPart, longPartsOf } from './long-part.ts'
import { openingsOf } from './openings.ts'
import { compileParts, partsOf } from './pattern.ts'
import { mostSymbols, type Spelling, verbatim } from './spelling.ts'
import { Symbols, type SymbolTable } from './symbols.ts'

/** Letters a match is followed for before the plain engine takes over; keeps time linear in the text. */
export const REACH = 128

/** Far more than any sensible set of patterns needs; each takes a few hundred bytes while it is built. */
export const MOST_STATES = 100_000

/** A buffer for texts up to this many letters is reused; longer ones get their own. */
const USUAL = 8_192

/** Compiled patterns as plain data. */
export interface PatternTable {
  readonly symbols: SymbolTable
  readonly automaton: AutomatonTable
  /** The parts that may match more letters than the automaton follows. */
  readonly long: readonly number[]
}

/** Returns the indexes of the patterns that match, ascending. */
export type Finder = (text: string) => readonly number[]

/** Compiles patterns into one automaton. Throws a `PatternError`. */
export function tabulate(patterns: readonly string[]): PatternTable {
  const { parts, owners } = split(patterns)
  const program = compileParts(parts, (part) => patterns[owners[part] ?? 0] ?? '')
  const alphabet = alphabetOf([program])
  return {
    symbols: alphabet.table,
    automaton: determine(program, alphabet, MOST_STATES),
    long: longPartsOf(program, REACH),
  }
}

/** The parts of all patterns, the pattern each belongs to, and the number of parts per pattern. */
function split(patterns: readonly string[]) {
  const parsed = patterns.map((pattern) => partsOf(pattern, 'anywhere'))
  return {
    parts: parsed.flat(),
    owners: parsed.flatMap((own, owner) => own.map(() => owner)),
    sizes: parsed.map((own) => own.length),
  }
}

/** Finds many patterns in one pass, in time linear in the text. `table` must be compiled from `patterns`. */
export function createFinder(
  patterns: readonly string[],
  table: PatternTable,
  spellingFor: (symbols: Symbols) => Spelling = verbatim,
): Finder {
  const { parts, owners, sizes } = split(patterns)
  const long = table.long.map((part) => new LongPart(part, parts[part] ?? ''))
  const symbols = new Symbols(table.symbols)
  const spelling = spellingFor(symbols)
  const automaton = new Automaton(table.automaton, symbols.groupOf)
  const { first, later } = automaton
  const openings = openingsOf(automaton, symbols.size)

  const usual = new Uint16Array(USUAL)
  let spelt = usual
  let length = 0
  /** The last search to find each part; the last to touch each pattern, and its number of missing parts. */
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

  /** Continues a walk from `start`, reading from letter `from`. Returns whether `until` cut it short. */
  function walk(start: number, from: number, until: number): boolean {
    let place = start
    for (let at = from; place !== DEAD; at += 1) {
      if (automaton.finds(place)) add(automaton.foundAt(place))
      if (at >= until) {
        if (at === length) add(automaton.foundIfEndingAt(place))
        return at < length
      }
      place = automaton.step(place, spelt[at] ?? 0)
    }
    return false
  }

  /** Starts a walk at every letter but the first. Returns whether any was cut short. */
  function walkAll(): boolean {
    const { rowOf, places, finds, table: seconds } = openings
    const last = length - 1
    let isOverlong = false
    for (let at = 1; at < length; at += 1) {
      const row = rowOf[spelt[at] ?? 0] ?? 0
      if (row === 0) continue
      const until = Math.min(length, at + REACH)
      if (at === last || finds[row] === 1) {
        if (walk(places[row] ?? DEAD, at + 1, until)) isOverlong = true
        continue
      }
      const next = seconds[row * symbols.size + (spelt[at + 1] ?? 0)] ?? DEAD
      if (next !== DEAD && walk(next, at + 2, until)) isOverlong = true
    }
    return isOverlong
  }

  function findLong(text: string): void {
    for (const part of long) if (part.found(text)) add([part.index])
  }

  return (text) => {
    search += 1
    whole = []
    const room = mostSymbols(text)
    spelt = room <= USUAL ? usual : new Uint16Array(room)
    length = spelling.spell(text, spelt)
    if (automaton.finds(first) || length === 0) walk(first, 0, 0)
    if (length > 0) {
      walk(automaton.step(first, spelt[0] ?? 0), 1, length)
      const isOverlong = walkAll()
      walk(later, length, length)
      if (isOverlong) findLong(spelling.shown(text))
    }
    return whole.length < 2 ? whole : whole.sort((a, b) => a - b)
  }
}
