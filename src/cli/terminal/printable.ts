/**
 * Makes text safe to show on a terminal: it may contain names chosen by clients, which must not move the
 * cursor, set colours, start a new line or reverse the direction of writing.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '�')
}
