/** UTF-16 units of a long text that are read: an ask stands at its start or at its end. At most 16 KiB in UTF-8. */
const HEAD = 3_072
const TAIL = 2_048
const GAP = '\n'

/** The part of a text that is scored. */
export function excerptOf(text: string): string {
  if (text.length <= HEAD + TAIL) return text
  return `${text.slice(0, HEAD)}${GAP}${text.slice(-TAIL)}`
}
