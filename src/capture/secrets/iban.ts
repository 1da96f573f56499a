import type { Secret } from './secret.ts'

/** In groups, separated as forms, spreadsheets and web pages do: non-breaking blanks, dots. */
const CANDIDATE =
  /(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[ \t\u00a0\u2007\u2009\u202f\u200b._/‐‑–-]{0,2}[A-Za-z0-9]){11,30}/g
const SHORTEST = 15

/** Account numbers with valid check digits (ISO 13616, mod 97), grouped or not. */
export function* findIbans(text: string): Generator<Secret> {
  CANDIDATE.lastIndex = 0
  for (let found = CANDIDATE.exec(text); found !== null; found = CANDIDATE.exec(text)) {
    const { 0: candidate, index } = found
    const length = ibanIn(candidate, text.charAt(index + candidate.length))
    if (length > 0) yield { start: index, end: index + length, mark: 'iban' }
    CANDIDATE.lastIndex = index + Math.max(length, 4)
    // A yield leaves the loop, so the shared regex position must be set before each search.
  }
}

/** Length of the account number in a candidate: the longest that ends with a word. `next` is what follows. */
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

/** The remainder modulo 97 of the number spelled by letters and digits (A is 10). */
function remainderOf(text: string): number {
  let rest = 0
  for (const char of text) {
    const value = Number.parseInt(char, 36)
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97
  }
  return rest
}
