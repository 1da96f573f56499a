/**
 * UTF-16 units of a long text that are read: an ask stands at its start or at its end, and what lies between is what
 * it is about. Left-out sources are judged as well by 400 units in all as by 5,120; see `docs/tuning.md`.
 */
const HEAD = 400
const TAIL = 280
const GAP = '\n'

/** A question between them is read, too: the last one, so much of it, within so much before the tail. */
const QUESTION = 160
const REACH = 4_096

/** The part of a text that is scored. */
export function excerptOf(text: string): string {
  if (text.length <= HEAD + TAIL) return text
  const tail = text.length - TAIL
  const question = questionIn(text.slice(Math.max(HEAD, tail - REACH), tail))
  return `${text.slice(0, HEAD)}${GAP}${question}${text.slice(tail)}`
}

/** The last question, as a line of its own; empty where none is asked. */
function questionIn(middle: string): string {
  const end = Math.max(middle.lastIndexOf('?'), middle.lastIndexOf('？'))
  if (end === -1) return ''
  const sentence = /[^.!?。！？\n]*$/.exec(middle.slice(Math.max(0, end - QUESTION), end))?.[0] ?? ''
  return `${sentence}?${GAP}`
}
