/**
 * A path's segments, escapes resolved and empty ones left out: however it is spelt, it is what its upstream will take
 * it for. Undefined where it climbs (`..`, with a parameter behind it or not) or cannot be decoded: such a path might lead
 * anywhere.
 */
export function segmentsOf(path: string): readonly string[] | undefined {
  const decoded = decode(path)
  if (decoded === undefined || split(decodeWholly(decoded)).some((segment) => CLIMBING.test(segment))) {
    return undefined
  }
  return split(decoded)
}

/**
 * The segments as the most forgiving of upstreams may read them: however often they were escaped, without parameters, in
 * lower case, without whatever is no letter or digit. None where the path cannot be decoded.
 */
export function plainSegmentsOf(path: string): readonly string[] {
  return split(decodeWholly(path)).map((segment) =>
    segment
      .replace(/;.*$/s, '')
      .normalize('NFKC')
      .toUpperCase()
      .toLowerCase()
      .replace(/[^a-z0-9_]/g, ''),
  )
}

/**
 * Every id that some upstream may take a segment for: as it stands, escaped once more, and up to a sign that ends a path, or
 * hides the rest of it, for some.
 */
export function idsIn(segment: string): readonly string[] {
  if (PLAIN.test(segment)) return [segment]
  const pieces = split(decodeWholly(segment)).flatMap((piece) => [piece, piece.replace(ENDING, '')])
  const ids = [segment, ...pieces].flatMap((id) => [id, id.trim()])
  return [...new Set(ids)].filter((id) => id !== '')
}

/** Signs that every upstream reads in the same way. */
const PLAIN = /^[^\s%;?#\p{Cc}]+$/u
const ENDING = /[;?#\p{Cc}].*$/su

/** Servers that know parameters of a path take `..;x` for `..`. */
const CLIMBING = /^\s*\.{1,2}\s*(?:;.*)?$/s

/** Nobody escapes a path more often in good faith, and no server undoes more. */
const MOST_ESCAPES = 4

function decodeWholly(path: string): string {
  let decoded = path
  for (let times = 0; times < MOST_ESCAPES; times += 1) {
    const next = decode(decoded)
    if (next === undefined || next === decoded) return decoded
    decoded = next
  }
  return decoded
}

function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}

function split(path: string): readonly string[] {
  return path.split(/[/\\]/).filter((segment) => segment !== '')
}
