import { randomBytes } from 'node:crypto'

/** `req_` and 26 characters: 48 bits of time, so that ids sort by age, and 80 random bits. */
export type RequestId = string & { readonly unit: 'RequestId' }

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const POOL_BYTES = 1280
let pool = Buffer.alloc(0)
let used = 0

/** A new id; `at` is milliseconds since the Unix epoch. Random bytes are drawn for 128 ids at a time. */
export function requestId(at: number): RequestId {
  if (used + 10 > pool.length) {
    pool = randomBytes(POOL_BYTES)
    used = 0
  }
  let text = ''
  let rest = at
  for (let digit = 0; digit < 10; digit += 1) {
    text = ALPHABET.charAt(rest % 32) + text
    rest = Math.floor(rest / 32)
  }
  let bits = 0
  let held = 0
  for (let index = 0; index < 10; index += 1) {
    bits = (bits << 8) | pool.readUInt8(used + index)
    held += 8
    while (held >= 5) {
      held -= 5
      text += ALPHABET.charAt((bits >> held) & 31)
    }
    bits &= (1 << held) - 1
  }
  used += 10
  return `req_${text}` as RequestId
}

/** The arrival time encoded in an id, milliseconds since the epoch; undefined if it is no id. */
export function requestTime(id: string): number | undefined {
  const [, time] = /^req_([0-7][0-9a-hjkmnp-tv-z]{9})[0-9a-hjkmnp-tv-z]{16}$/.exec(id) ?? []
  if (time === undefined) return undefined
  return [...time].reduce((at, letter) => at * 32 + ALPHABET.indexOf(letter), 0)
}
