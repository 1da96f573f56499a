/**
 * Makes user-written text safe to show: control characters, including those that reverse the direction of
 * text, are made visible. Joiners stay, because emoji and several scripts need them.
 */
export function written(text: string): string {
  return text.replace(/(?![\t\n])[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '�')
}

/** Whether nothing of it can be seen: blanks, control and format characters, empty letters. */
export function isBlank(text: string): boolean {
  return !/[^\s\p{Cc}\p{Cf}\p{Mn}\u115f\u1160\u2800\u3164\uffa0]/u.test(text)
}
