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

/** Signs that JSON leaves as they are, and that terminals or whoever reads along obey. */
const OBEYED = /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/** A line of JSON with such signs escaped: they can stand in its texts only. */
export function inertLine(line: string): string {
  return line.replace(OBEYED, escaped)
}

function escaped(sign: string): string {
  return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`
}
