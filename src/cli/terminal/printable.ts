/**
 * A text as a terminal may show it: what clients named is in it, and must not move the cursor, colour a line, begin
 * another, or turn its letters round.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '�')
}
