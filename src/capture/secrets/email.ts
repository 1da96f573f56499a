import type { Secret } from './secret.ts'

const AT = /@|＠|%40/g
/** The longest name before the sign that RFC 5321 allows. */
const LONGEST_NAME = 64
const IN_NAME = /[\p{L}\p{N}!#$%&'*+/=?^_`{|}~.．-]/u
/** Keyboards of Chinese and Japanese write other dots. */
const DOMAIN = /[\p{L}\p{N}-]+(?:[.．][\p{L}\p{N}-]+)+/uy

/** Addresses in any script; a sign with no name before it or no domain behind it makes none. */
export function* findEmails(text: string): Generator<Secret> {
  for (const { 0: sign, index } of text.matchAll(AT)) {
    const start = nameBefore(text, index)
    DOMAIN.lastIndex = index + sign.length
    if (start < index && DOMAIN.test(text)) yield { start, end: DOMAIN.lastIndex, mark: 'email' }
  }
}

function nameBefore(text: string, at: number): number {
  let start = at
  while (start > 0 && at - start < LONGEST_NAME && IN_NAME.test(text.charAt(start - 1))) start -= 1
  return start
}
