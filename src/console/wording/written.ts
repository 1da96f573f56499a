/**
 * Makes user-written text safe to show: control characters, including those that reverse the direction of
 * text, are made visible. Joiners stay, because emoji and several scripts need them.
 */
export function written(text: string): string {
  return text.replace(/(?![\t\n])[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '�')
}
