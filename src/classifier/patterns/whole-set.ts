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

/** A list whose automaton has read the first letter of a text. */
interface Begun {
  readonly list: number
  readonly automaton: Automaton
  readonly place: number
}

/** Returns the indexes of the lists in which a pattern matches the whole text. */
export function createWholeFinder(table: WholeTable): (text: string) => readonly number[] {
  const symbols = new Symbols(table.symbols)
  const automata = table.automata.map((automaton) => new Automaton(automaton, symbols.groupOf))
  /**
   * The lists a text may match, by the symbol of its first letter: each list is a language, and most texts begin
   * like nothing in most languages.
   */
  const begun: (readonly Begun[] | undefined)[] = []

  function begunWith(symbol: number): readonly Begun[] {
    begun[symbol] ??= automata.flatMap((automaton, list) => {
      const place = automaton.step(automaton.first, symbol)
      return place === DEAD ? [] : [{ list, automaton, place }]
    })
    return begun[symbol]
  }

  /** Whether the text from this offset on leads to the end of a pattern. */
  function endsWell({ automaton, place: start }: Begun, text: string, from: number): boolean {
    let place = start
    for (let at = from; at < text.length && place !== DEAD; at += 1) {
      const point = text.codePointAt(at) ?? 0
      place = automaton.step(place, symbols.symbolOf(point))
      if (point > 0xffff) at += 1
    }
    return automaton.foundIfEndingAt(place).length > 0
  }

  const atFirst = automata.map((automaton, list) => ({ list, automaton, place: automaton.first }))

  return (text) => {
    const first = text.codePointAt(0)
    const lists = first === undefined ? atFirst : begunWith(symbols.symbolOf(first))
    const from = first === undefined || first <= 0xffff ? 1 : 2
    return lists.flatMap((begun) => (endsWell(begun, text, from) ? [begun.list] : []))
  }
}
