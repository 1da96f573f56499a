import { Automaton, type AutomatonTable } from './automaton.ts'
import { DEAD } from './cells.ts'
import { alphabetOf, determine } from './determine.ts'
import { compileParts, partsOf } from './pattern.ts'
import { MOST_STATES } from './pattern-set.ts'
import { Symbols, type SymbolTable } from './symbols.ts'

/** Compiled lists of patterns as plain data: one automaton each, over a shared alphabet. */
export interface WholeTable {
  readonly symbols: SymbolTable
  readonly automata: readonly AutomatonTable[]
}

/** Compiles lists of patterns that must match the whole text. Throws a `PatternError`. */
export function tabulateWhole(lists: readonly (readonly string[])[]): WholeTable {
  const programs = lists.map((patterns) =>
    compileParts(
      patterns.flatMap((pattern) => partsOf(pattern, 'whole')),
      (part) => patterns[part] ?? '',
    ),
  )
  const alphabet = alphabetOf(programs)
  const automata = programs.map((program) => determine(program, alphabet, MOST_STATES))
  return { symbols: alphabet.table, automata }
}

/** Returns the indexes of the lists in which a pattern matches the whole text. */
export function createWholeFinder(table: WholeTable): (text: string) => readonly number[] {
  const symbols = new Symbols(table.symbols)
  const automata = table.automata.map((automaton) => new Automaton(automaton, symbols.groupOf))
  const numbers = [...automata.keys()]
  /**
   * Lists that can match, by the symbol of a text's first letter: each list is a language, and most texts
   * begin like nothing in most languages.
   */
  const possible: (readonly number[] | undefined)[] = []

  function listsFor(first: number): readonly number[] {
    possible[first] ??= numbers.filter((number) => leads(automata[number], first))
    return possible[first]
  }

  function leads(automaton: Automaton | undefined, symbol: number): boolean {
    return automaton !== undefined && automaton.step(automaton.first, symbol) !== DEAD
  }

  function matches(automaton: Automaton | undefined, text: string): boolean {
    if (automaton === undefined) return false
    let place = automaton.first
    for (let at = 0; at < text.length && place !== DEAD; at += 1) {
      const point = text.codePointAt(at) ?? 0
      place = automaton.step(place, symbols.symbolOf(point))
      if (point > 0xffff) at += 1
    }
    return automaton.foundIfEndingAt(place).length > 0
  }

  return (text) => {
    const first = text.codePointAt(0)
    const lists = first === undefined ? numbers : listsFor(symbols.symbolOf(first))
    return lists.filter((number) => matches(automata[number], text))
  }
}
