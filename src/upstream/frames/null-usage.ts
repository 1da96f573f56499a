/** What upstreams asked for usage put into every chunk without it, right after the choices. */
const PATTERN = Buffer.from('],"usage":null')
const CLOSE_BRACKET = 0x5d

/**
 * Removes `"usage":null` from a stream whose client has not asked for usage: had the upstream not been asked
 * either, it would not have written it. Holds back only bytes after `],` that may turn out to be it, a dozen
 * at most.
 */
export class NullUsage {
  /** How many bytes of the pattern have just arrived. The first has been sent on; the others wait. */
  #matched = 0

  /** Returns what to send now; often the very same buffer. */
  take(bytes: Buffer): Buffer {
    const carried = this.#matched
    if (carried === 0 && indexIn(bytes, 0) === -1) {
      this.#matched = endOf(bytes)
      return withoutEnd(bytes, this.#matched)
    }
    const window = carried === 0 ? bytes : Buffer.concat([PATTERN.subarray(0, carried), bytes])
    const pieces: Buffer[] = []
    let from = carried === 0 ? 0 : 1
    for (let at = indexIn(window, 0); at !== -1; at = indexIn(window, from)) {
      pieces.push(window.subarray(from, at + 1))
      from = at + PATTERN.length
    }
    const rest = window.subarray(from)
    this.#matched = pieces.length === 0 && carried > 0 ? endOf(window) : endOf(rest)
    pieces.push(withoutEnd(rest, this.#matched))
    return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces)
  }

  /** Returns what was held back, once nothing more will arrive. */
  flush(): Buffer {
    const waiting = PATTERN.subarray(1, Math.max(1, this.#matched))
    this.#matched = 0
    return waiting
  }
}

/** Offset of the pattern. Brackets are rare, and searching for one byte takes a tenth of the time. */
function indexIn(bytes: Buffer, from: number): number {
  let at = bytes.indexOf(CLOSE_BRACKET, from)
  while (at !== -1 && !isAt(bytes, at)) at = bytes.indexOf(CLOSE_BRACKET, at + 1)
  return at
}

function isAt(bytes: Buffer, at: number): boolean {
  for (let index = 1; index < PATTERN.length; index += 1) {
    if (bytes[at + index] !== PATTERN[index]) return false
  }
  return true
}

/** How many bytes at the end may be the pattern's beginning. */
function endOf(bytes: Buffer): number {
  const last = bytes[bytes.length - 1]
  // Fast path: frames end with a line break, which is not in the pattern.
  if (last === undefined || !PATTERN.includes(last)) return 0
  for (let length = Math.min(bytes.length, PATTERN.length - 1); length > 0; length -= 1) {
    if (bytes.subarray(bytes.length - length).equals(PATTERN.subarray(0, length))) return length
  }
  return 0
}

function withoutEnd(bytes: Buffer, matched: number): Buffer {
  return matched < 2 ? bytes : bytes.subarray(0, Math.max(0, bytes.length - (matched - 1)))
}
