const LONGEST = 120

/** Signs that mean nothing but themselves, in JSON and on a terminal. */
const PLAIN = /^[\w .:/@+-]*$/

/**
 * A text of whoever's as JSON that fits into a line: no line end, no escape sequence, no sign that changes the direction of what
 * is read, and not too long.
 */
export function logText(text: string): string {
  if (text.length <= LONGEST && PLAIN.test(text)) return `"${text}"`
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
  return JSON.stringify(cut).replace(/[^ -~]/g, escaped)
}

function escaped(sign: string): string {
  return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`
}
