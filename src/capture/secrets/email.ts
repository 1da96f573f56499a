import type { Secret } from './secret.ts'

/** The at sign as typed, or disguised from programs. */
const AT = /@|＠|%40|[ \t]{0,2}(?:\[at\]|\(at\)|\{at\})[ \t]{0,2}/gi
/** Zero-width marks that a page inserts where a long address may break. */
const BREAKS = /[\u200b\u2060\ufeff\u00ad]*/y
/** Maximum length of a local part in RFC 5321. */
const LONGEST_NAME = 64
const IN_NAME = /[\p{L}\p{N}!#$%&'*+/=?^_`{|}~.．-]/u
/** Chinese and Japanese keyboards type other dots. */
const DOMAIN = /[\p{L}\p{N}-]+(?:(?:[.．]|[ \t]{0,2}(?:\[dot\]|\(dot\)|\{dot\})[ \t]{0,2})[\p{L}\p{N}-]+)+/iuy
/** RFC 5321 allows a quoted local part, with blanks. */
const QUOTED = /"[^"\r\n]{1,64}"$/

/** Addresses in any script. An at sign needs a name before it and a domain after it. */
export function* findEmails(text: string): Generator<Secret> {
  for (const { 0: sign, index } of text.matchAll(AT)) {
    const start = nameBefore(text, index)
    BREAKS.lastIndex = index + sign.length
    BREAKS.test(text)
    DOMAIN.lastIndex = BREAKS.lastIndex
    if (start < index && DOMAIN.test(text)) yield { start, end: DOMAIN.lastIndex, mark: 'email' }
  }
}

function nameBefore(text: string, at: number): number {
  if (text.charAt(at - 1) === '"') {
    const quoted = QUOTED.exec(text.slice(Math.max(0, at - LONGEST_NAME - 2), at))
    return at - (quoted?.[0].length ?? 0)
  }
  let start = at
  while (start > 0 && at - start < LONGEST_NAME && IN_NAME.test(text.charAt(start - 1))) start -= 1
  return start
}
