const ERROR = Buffer.from('{"error"')

const SPACE = 0x20
const TAB = 0x09
const COLON = 0x3a
const QUOTE = 0x22
const OPEN_BRACE = 0x7b
const LETTER_F = 0x66
const LETTER_N = 0x6e

/** Where the value of the key that ends at `after` begins; undefined without a colon: no key then. */
export function valueBehind(frame: Buffer, after: number): number | undefined {
  const at = afterBlanks(frame, after)
  return frame[at] === COLON ? afterBlanks(frame, at + 1) : undefined
}

function afterBlanks(frame: Buffer, from: number): number {
  let at = from
  while (frame[at] === SPACE || frame[at] === TAB) at += 1
  return at
}

/**
 * Whether the key that ends at `after` has a value. Some upstreams write `""` or `false` where the vendor
 * writes `null`, and its clients treat all three alike.
 */
export function hasValue(frame: Buffer, after: number): boolean {
  const at = valueBehind(frame, after)
  if (at === undefined || at >= frame.length) return false
  if (frame[at] === QUOTE) return frame[at + 1] !== QUOTE
  return frame[at] !== LETTER_N && frame[at] !== LETTER_F
}

/** A key's non-empty string value, if the frame has one. Model ids need no unescaping. */
export function stringAfter(frame: Buffer, key: Buffer): string | undefined {
  const at = frame.indexOf(key)
  const open = at === -1 ? undefined : valueBehind(frame, at + key.length)
  if (open === undefined || frame[open] !== QUOTE) return undefined
  const close = frame.indexOf(QUOTE, open + 1)
  return close > open + 1 ? frame.toString('utf8', open + 1, close) : undefined
}

/**
 * A frame whose first key is an `error` with a value: an upstream reports that it broke, as chats do, and as
 * gateways do that know no endpoint's own events.
 */
export function isBareError(frame: Buffer): boolean {
  const at = frame.indexOf(ERROR)
  return at !== -1 && at === frame.indexOf(OPEN_BRACE) && hasValue(frame, at + ERROR.length)
}
