import { fail } from './failure.ts'
import { skipString } from './json-span.ts'

const QUOTE = 0x22
const COMMA = 0x2c
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const SPACE = 0x20

/** No value takes less: a digit and what parts it from the next. */
const LEAST_BYTES = 2

/**
 * A prompt of a million tokens has fewer, and so have the most embeddings OpenAI takes at a time: 300,000 tokens, which may
 * come as numbers. Each takes time, even an empty one: seven million of them, which fit into twenty megabytes, would keep
 * everybody else waiting for seconds.
 */
export const MOST_VALUES = 500_000

/** Throws `invalid_request` for JSON with more values than are read, before anybody parses it. */
export function requireFewValues(json: Buffer): void {
  if (!hasMoreValues(json, MOST_VALUES)) return
  const detail = `the body has more than ${MOST_VALUES} values, empty ones included`
  fail({ code: 'invalid_request', detail, param: null })
}

/**
 * Whether JSON has more values than this, elements of lists and members of objects. Told from its bytes: `JSON.parse` takes
 * a second for twenty megabytes of `{}`, which this takes a hundredth of to tell. Of bytes that are no JSON the answer is
 * a guess.
 */
export function hasMoreValues(json: Buffer, most: number): boolean {
  if (json.length <= most * LEAST_BYTES) return false
  let values = 0
  let at = 0
  while (at < json.length && values <= most) {
    const byte = json[at]
    if (byte === QUOTE) {
      at = behindText(json, at)
      continue
    }
    at += 1
    if (byte === COMMA) values += 1
    else if ((byte === OPEN_BRACKET || byte === OPEN_BRACE) && !isClosedAt(json, at)) values += 1
  }
  return values > most
}

/** A text that is cut is the last there is. */
function behindText(json: Buffer, open: number): number {
  try {
    return skipString(json, open)
  } catch {
    return json.length
  }
}

/** Whether nothing but blanks stands before the next closing bracket. */
function isClosedAt(json: Buffer, from: number): boolean {
  let at = from
  for (let byte = json[at]; byte !== undefined && byte <= SPACE; byte = json[at]) at += 1
  return json[at] === CLOSE_BRACKET || json[at] === CLOSE_BRACE
}
