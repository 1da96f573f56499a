import { DIGIT, kinds, LETTER, lowered, NOTHING, SPACE, SYMBOL } from './alphabet.ts'
import type { Measures } from './shapes.ts'

/** No text longer than this is ever read. UTF-16 units. */
export const LONGEST = 1_024
/** A folded text begins and ends with a blank. */
export const LONGEST_FOLDED = LONGEST + 4

export const BLANK = 32
const ZERO = 48

/**
 * Writes a text as it is hashed: lower case, one blank per run of white space, one zero per number. Returns
 * its length, and counts what it reads.
 */
export function fold(text: string, into: Uint16Array, measures: Measures): number {
  const size = Math.min(text.length, LONGEST)
  let newlines = 0
  let digits = 0
  let numbers = 0
  let symbols = 0
  let unspaced = 0
  into[0] = BLANK
  let at = 1
  let last = SPACE
  for (let index = 0; index < size; index += 1) {
    const unit = text.charCodeAt(index)
    const kind = kinds[unit] ?? SYMBOL
    if (kind === LETTER) {
      into[at++] = lowered[unit] ?? unit
    } else if (kind === SPACE) {
      if (unit === 10) newlines += 1
      if (last !== SPACE) into[at++] = BLANK
    } else if (kind === DIGIT) {
      digits += 1
      if (last !== DIGIT) {
        into[at++] = ZERO
        numbers += 1
      }
    } else if (kind === NOTHING) {
      continue
    } else {
      if (kind === SYMBOL) symbols += 1
      else unspaced += 1
      into[at++] = lowered[unit] ?? unit
    }
    last = kind
  }
  if (last !== SPACE) into[at++] = BLANK
  measures.size = Math.max(1, size)
  measures.newlines = newlines
  measures.digits = digits
  measures.numbers = numbers
  measures.symbols = symbols
  measures.unspaced = unspaced
  return at
}
