import { fail } from './failure.ts'
import { skipString } from './json-span.ts'

const QUOTE = 0x22
const COMMA = 0x2c
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const SPACE = 0x20

/** The shortest value: one digit and a separator. */
const LEAST_BYTES = 2

/**
 * More than in a prompt of a million tokens, or in OpenAI's largest embeddings request: 300,000 tokens, which
 * may be given as numbers. Every value takes time, even an empty one: seven million fit into twenty megabytes
 * and would block all other requests for seconds.
 */
export const MOST_VALUES = 500_000

/** Throws `invalid_request` for JSON with too many values. Call before parsing. */
export function requireFewValues(json: Buffer): void {
  if (!hasMoreValues(json, MOST_VALUES)) return
  const detail = `the body has more than ${MOST_VALUES} values, including empty ones`
  fail({ code: 'invalid_request', detail, param: null })
}

/**
 * Whether JSON has more values (elements of lists and members of objects) than this. Decided from its bytes:
 * `JSON.parse` takes a second for twenty megabytes of `{}`, this a hundredth of that. For anything but JSON
 * the answer is a guess.
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

/** An unterminated string extends to the end. */
function behindText(json: Buffer, open: number): number {
  try {
    return skipString(json, open)
  } catch {
    return json.length
  }
}

/** Whether the next byte other than a blank is a closing bracket. */
function isClosedAt(json: Buffer, from: number): boolean {
  let at = from
  for (let byte = json[at]; byte !== undefined && byte <= SPACE; byte = json[at]) at += 1
  return json[at] === CLOSE_BRACKET || json[at] === CLOSE_BRACE
}
