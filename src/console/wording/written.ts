/**
 * What somebody wrote, as a page may show it: marks that turn the order of letters round, and those that no eye sees
 * and no language needs, show that they are there. Joiners stay: emoji and several scripts are made with them.
 */
export function written(text: string): string {
  return text.replace(/(?![\t\n])[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '�')
}
