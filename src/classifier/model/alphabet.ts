/** Kinds of UTF-16 units. Halves of surrogate pairs and lone surrogates count as letters. */
export const SPACE = 0
export const LETTER = 1
export const DIGIT = 2
/** A letter of a script without spaces between words: Han, kana, Thai, Lao, Khmer, Burmese. */
export const UNSPACED = 3
export const SYMBOL = 4
/** Ignored: combining marks above and below, zero-width and direction marks. */
export const NOTHING = 5

const UNITS = 65_536

/** Kind of each UTF-16 unit, derived once from the engine's Unicode tables. */
export const kinds = new Uint8Array(UNITS)
/** Each unit normalised and in lower case, if that is a single unit. */
export const lowered = new Uint16Array(UNITS)

function kindOf(char: string): number {
  if (/[\s\p{Z}\p{Cc}]/u.test(char)) return SPACE
  if (/[\u0300-\u036f\ufe00-\ufe0f]|\p{Cf}/u.test(char)) return NOTHING
  if (
    /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}ー]/u.test(char)
  ) {
    return /\p{P}/u.test(char) ? SYMBOL : UNSPACED
  }
  if (/[\p{L}\p{M}\p{Cs}]/u.test(char)) return LETTER
  return /\p{Nd}/u.test(char) ? DIGIT : SYMBOL
}

const STOPS = new Map([
  ['。', '.'],
  ['、', ','],
])

/** Normalises full-width forms, ligatures, presentation forms and radicals: people type all of them. */
function plain(char: string): string {
  const compatible = char.normalize('NFKC')
  const isOneLetter = compatible.length === 1 && /[\p{L}\p{sc=Han}\uff01-\uff5e]/u.test(char)
  return isOneLetter ? compatible : (STOPS.get(char) ?? char)
}

for (let unit = 0; unit < UNITS; unit += 1) {
  const char = String.fromCharCode(unit)
  const low = plain(char).toLowerCase()
  kinds[unit] = kindOf(char)
  lowered[unit] = low.length === 1 ? low.charCodeAt(0) : unit
}
