/**
 * A path's segments, decoded, without empty ones: however it is spelled, this is how its upstream will read
 * it. Undefined if it traverses upwards (`..`, with or without a parameter) or cannot be decoded, since it
 * might then lead anywhere.
 */
export function segmentsOf(path: string): readonly string[] | undefined {
  const decoded = decode(path)
  if (decoded === undefined || split(decodeWholly(decoded)).some((segment) => CLIMBING.test(segment))) {
    return undefined
  }
  return split(decoded)
}

/**
 * The segments as the most tolerant upstream may read them: fully decoded, without parameters, in lower case,
 * letters and digits only. None if the path cannot be decoded.
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
 * Every id some upstream may read in a segment: as written, decoded further, and cut at a character that some
 * treat as the end of the path.
 */
export function idsIn(segment: string): readonly string[] {
  if (PLAIN.test(segment)) return [segment]
  const pieces = split(decodeWholly(segment)).flatMap((piece) => [piece, piece.replace(ENDING, '')])
  const ids = [segment, ...pieces].flatMap((id) => [id, id.trim()])
  return [...new Set(ids)].filter((id) => id !== '')
}

/** Characters that every upstream reads the same way. */
const PLAIN = /^[^\s%;?#\p{Cc}]+$/u
const ENDING = /[;?#\p{Cc}].*$/su

/** Servers that support path parameters treat `..;x` as `..`. */
const CLIMBING = /^\s*\.{1,2}\s*(?:;.*)?$/s

/** No honest client escapes a path more often, and no server decodes more levels. */
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
