import type { Secret } from './secret.ts'

/** In groups, between which stands what forms, spreadsheets and web pages put there: blanks that do not break, dots. */
const CANDIDATE =
  /(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[ \t\u00a0\u2007\u2009\u202f\u200b._/‐‑–-]{0,2}[A-Za-z0-9]){11,30}/g
const SHORTEST = 15

/** Account numbers whose check digits are right (ISO 13616, mod 97), in groups or not. */
export function* findIbans(text: string): Generator<Secret> {
  CANDIDATE.lastIndex = 0
  for (let found = CANDIDATE.exec(text); found !== null; found = CANDIDATE.exec(text)) {
    const { 0: candidate, index } = found
    const length = ibanIn(candidate, text.charAt(index + candidate.length))
    if (length > 0) yield { start: index, end: index + length, mark: 'iban' }
    CANDIDATE.lastIndex = index + Math.max(length, 4)
    // The statement is left between two matches: what is searched next must not depend on who else searches.
  }
}

/** How much of a candidate is an account number: the longest part that ends with a word. `next` follows the candidate. */
function ibanIn(candidate: string, next: string): number {
  for (let end = candidate.length; end > 0; end -= 1) {
    if (isAlphanumeric(end === candidate.length ? next : candidate.charAt(end))) continue
    const compact = candidate.slice(0, end).replace(/[^A-Za-z0-9]/g, '')
    if (compact.length < SHORTEST) return 0
    if (remainderOf(compact.slice(4) + compact.slice(0, 4)) === 1) return end
  }
  return 0
}

function isAlphanumeric(char: string): boolean {
  return /^[A-Za-z0-9]$/.test(char)
}

/** Of the number that its letters and digits spell (A is 10), divided by 97. */
function remainderOf(text: string): number {
  let rest = 0
  for (const char of text) {
    const value = Number.parseInt(char, 36)
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97
  }
  return rest
}
