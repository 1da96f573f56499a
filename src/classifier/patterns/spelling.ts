import type { Symbols } from './symbols.ts'

/** How texts are shown to patterns. */
export interface Spelling {
  /** Writes the symbols of a text as it is shown, at most `mostSymbols`; returns their count. */
  spell(text: string, into: Uint16Array): number
  /** The text as it is shown. */
  shown(text: string): string
}

/** A letter may become two in lower case. */
export function mostSymbols(text: string): number {
  return 2 * text.length + 2
}

/** Shows texts as they are. */
export function verbatim(symbols: Symbols): Spelling {
  return { spell: (text, into) => symbols.spell(text, into), shown: (text) => text }
}

/** The text as rules see it: lower case, straight apostrophes, a blank at both ends. */
export function plain(text: string): string {
  return ` ${text.toLowerCase().replaceAll('’', "'")} `
}

const UNITS = 65_536
const BLANK = 32
/** In place of a symbol: `plain` has to be asked. */
const UNSURE = 0xffff

/**
 * Shows texts as by `plain`, but nearly always without making that string: of most texts it would be two
 * copies, and lower case outside of ASCII takes longer than all the rest of the search.
 */
export function plainly(symbols: Symbols): Spelling {
  const units = Uint16Array.from({ length: UNITS }, (_, unit) =>
    isLoweredAlone(unit) ? symbols.symbolOf(plain(String.fromCharCode(unit)).charCodeAt(1)) : UNSURE,
  )
  const blank = symbols.symbolOf(BLANK)

  function spell(text: string, into: Uint16Array): number {
    into[0] = blank
    for (let index = 0; index < text.length; index += 1) {
      const symbol = units[text.charCodeAt(index)] ?? UNSURE
      if (symbol === UNSURE) return symbols.spell(plain(text), into)
      into[index + 1] = symbol
    }
    into[text.length + 1] = blank
    return text.length + 2
  }

  return { spell, shown: plain }
}

/** Not so halves of surrogate pairs; İ, which becomes two letters; and Σ, which depends on its neighbours. */
function isLoweredAlone(unit: number): boolean {
  return (unit & 0xf800) !== 0xd800 && unit !== 0x130 && unit !== 0x3a3
}
