/**
 * UTF-16 units of a long text that are read: an ask stands at its start or at its end, and what lies between is what
 * it is about. Left-out sources are judged as well by 400 units in all as by 5,120; see `docs/tuning.md`.
 */
const HEAD = 400
const TAIL = 280
const GAP = '\n'

/** The part of a text that is scored. */
export function excerptOf(text: string): string {
  if (text.length <= HEAD + TAIL) return text
  return `${text.slice(0, HEAD)}${GAP}${text.slice(-TAIL)}`
}
