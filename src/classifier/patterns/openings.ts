import type { Automaton } from './automaton.ts'
import { DEAD } from './cells.ts'

/** The first two letters of every walk, tabulated: in any text most walks end there. */
export interface Openings {
  /** The row of each first letter; 0 if nothing starts with it. */
  readonly rowOf: Uint16Array
  /** The state of each row, and whether anything is found there. */
  readonly places: Uint32Array
  readonly finds: Uint8Array
  /** Row × symbols + second letter: the state after both. */
  readonly table: Uint16Array | Uint32Array
}

/** Follows the first two letters of all walks, over an alphabet of this many symbols. */
export function openingsOf(automaton: Automaton, symbols: number): Openings {
  const firsts = new Uint32Array(symbols)
  automaton.spread(automaton.later, firsts, 0)
  const places = [...new Set([DEAD, ...firsts])]
  const rows = new Map(places.map((place, row) => [place, row]))
  const Places = automaton.end > 65_536 ? Uint32Array : Uint16Array
  const table = new Places(places.length * symbols)
  for (const [row, place] of places.entries()) automaton.spread(place, table, row * symbols)
  return {
    rowOf: Uint16Array.from(firsts, (place) => rows.get(place) ?? 0),
    places: Uint32Array.from(places),
    finds: Uint8Array.from(places, (place) => (automaton.finds(place) ? 1 : 0)),
    table,
  }
}
