/**
 * UTF-16 units that are read of a long text: the ask is at its start or end, and what is between is what the
 * ask is about. Held-out sources are judged as well with 400 units in all as with 5,120; see
 * `docs/tuning.md`.
 */
const HEAD = 400
const TAIL = 280
const GAP = '\n'

/** The last question between them is read too: at most this much of it, and only this close to the tail. */
const QUESTION = 160
const REACH = 4_096

/** The part of a text that is scored. */
export function excerptOf(text: string): string {
  if (text.length <= HEAD + TAIL) return text
  const tail = text.length - TAIL
  const question = questionIn(text.slice(Math.max(HEAD, tail - REACH), tail))
  return `${text.slice(0, HEAD)}${GAP}${question}${text.slice(tail)}`
}

/** The last question, on a line of its own; empty if there is none. */
function questionIn(middle: string): string {
  const end = Math.max(middle.lastIndexOf('?'), middle.lastIndexOf('？'))
  if (end === -1) return ''
  const sentence = /[^.!?。！？\n]*$/.exec(middle.slice(Math.max(0, end - QUESTION), end))?.[0] ?? ''
  return `${sentence}?${GAP}`
}
