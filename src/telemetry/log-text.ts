const LONGEST = 120

/** Characters without special meaning, in JSON and on a terminal. */
const PLAIN = /^[\w .:/@+-]*$/

/**
 * Untrusted text as JSON that fits into a log line: no line break, no escape sequence, no character that
 * changes text direction, and limited in length.
 */
export function logText(text: string): string {
  if (text.length <= LONGEST && PLAIN.test(text)) return `"${text}"`
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
  return JSON.stringify(cut).replace(/[^ -~]/g, escaped)
}

/** Characters that JSON leaves unescaped, and that terminals or viewers obey. */
const OBEYED = /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/** Escapes such characters in a line of JSON, where they can only occur in strings. */
export function inertLine(line: string): string {
  return line.replace(OBEYED, escaped)
}

function escaped(sign: string): string {
  return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`
}
