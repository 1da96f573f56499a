import { KnownKeys } from './known-keys.ts'

/**
 * Locates values in the bytes of a JSON document, so that single ones can be changed while every other byte
 * stays as it is. Only keys are decoded, nothing recurses. The document must already have been accepted by
 * `JSON.parse`: only then is it safe to skip to the next quote or bracket. Offsets count bytes.
 */

/** A range of bytes; `end` is exclusive. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** A member of an object: the span is its value's, `keyStart` the offset of its key's opening quote. */
export interface Member extends Span {
  /** The key, unescaped. */
  readonly key: string
  readonly keyStart: number
}

/** Replaces the span's bytes with `text`. An empty span inserts. */
export interface Edit extends Span {
  readonly text: string
}

const QUOTE = 0x22
const COMMA = 0x2c
const OPEN_BRACKET = 0x5b
const BACKSLASH = 0x5c
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const SPACE = 0x20

/** Strings up to this length are scanned here: a native search costs more than it saves on so few bytes. */
const SHORT = 32

/** Where the document's value begins, after leading white space. */
export function rootOf(bytes: Buffer): number {
  return skipBlank(bytes, 0)
}

/** All members of the object that opens at `open`, in order, including repeated keys. */
export function membersOf(bytes: Buffer, open: number): Member[] {
  const members: Member[] = []
  let at = skipBlank(bytes, open + 1)
  while (bytes[at] !== CLOSE_BRACE) {
    const keyStart = at
    const keyEnd = skipString(bytes, keyStart)
    const start = skipBlank(bytes, skipBlank(bytes, keyEnd) + 1)
    const end = skipValue(bytes, start)
    members.push({ key: keyAt(bytes, keyStart, keyEnd), keyStart, start, end })
    at = skipComma(bytes, end)
  }
  return members
}

/** All elements of the array that opens at `open`. */
export function elementsOf(bytes: Buffer, open: number): Span[] {
  const elements: Span[] = []
  let at = skipBlank(bytes, open + 1)
  while (bytes[at] !== CLOSE_BRACKET) {
    const end = skipValue(bytes, at)
    elements.push({ start: at, end })
    at = skipComma(bytes, end)
  }
  return elements
}

/** The members of each object in the array that opens at `open`, in one pass; none for other elements. */
export function membersOfElements(bytes: Buffer, open: number): Member[][] {
  const found: Member[][] = []
  let at = skipBlank(bytes, open + 1)
  while (bytes[at] !== CLOSE_BRACKET) {
    const isObject = bytes[at] === OPEN_BRACE
    const members = isObject ? membersOf(bytes, at) : []
    found.push(members)
    const end = isObject ? skipBlank(bytes, members.at(-1)?.end ?? at + 1) + 1 : skipValue(bytes, at)
    at = skipComma(bytes, end)
  }
  return found
}

/**
 * Applies edits, which must not overlap; an insertion where a longer edit starts goes first. Without edits
 * the same buffer is returned.
 */
export function splice(bytes: Buffer, edits: readonly Edit[]): Buffer {
  if (edits.length === 0) return bytes
  const sorted = edits.length === 1 ? edits : edits.toSorted((a, b) => a.start - b.start || a.end - b.end)
  let length = bytes.length
  for (const edit of sorted) length += Buffer.byteLength(edit.text) - (edit.end - edit.start)
  const result = Buffer.allocUnsafe(length)
  let read = 0
  let written = 0
  for (const edit of sorted) {
    written += bytes.copy(result, written, read, edit.start)
    written += result.write(edit.text, written)
    read = edit.end
  }
  bytes.copy(result, written, read)
  return result
}

function keyAt(bytes: Buffer, start: number, end: number): string {
  const known = keys.find(bytes, start + 1, end - 1)
  if (known !== undefined) return known
  const text = bytes.toString('utf8', start + 1, end - 1)
  if (text.includes('\\')) return String(JSON.parse(`"${text}"`))
  keys.keep(bytes, start + 1, end - 1, text)
  return text
}

const keys = new KnownKeys()

function skipBlank(bytes: Buffer, from: number): number {
  let at = from
  for (let byte = bytes[at]; byte !== undefined && byte <= SPACE; byte = bytes[at]) at += 1
  return at
}

function skipComma(bytes: Buffer, from: number): number {
  const at = skipBlank(bytes, from)
  if (bytes[at] === COMMA) return skipBlank(bytes, at + 1)
  if (at >= bytes.length) throw cutShort()
  return at
}

/** Returns the offset after a value. Depth is counted rather than recursed, so no nesting is too deep. */
function skipValue(bytes: Buffer, from: number): number {
  const first = bytes[from]
  if (first === QUOTE) return skipString(bytes, from)
  if (first !== OPEN_BRACE && first !== OPEN_BRACKET) return skipLiteral(bytes, from)
  let at = from
  let depth = 0
  do {
    const byte = bytes[at]
    if (byte === QUOTE) {
      at = skipString(bytes, at)
      continue
    }
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth -= 1
    else if (byte === undefined) throw cutShort()
    at += 1
  } while (depth > 0)
  return at
}

function skipLiteral(bytes: Buffer, from: number): number {
  let at = from
  for (let byte = bytes[at]; byte !== undefined; byte = bytes[at]) {
    if (byte <= SPACE || byte === COMMA || byte === CLOSE_BRACE || byte === CLOSE_BRACKET) return at
    at += 1
  }
  return at
}

/** From a string's opening quote to the offset after its closing one. Throws a `RangeError` without one. */
export function skipString(bytes: Buffer, open: number): number {
  let at = open + 1
  for (;;) {
    const far = at + SHORT
    while (at < far) {
      const byte = bytes[at]
      if (byte === QUOTE) return at + 1
      at += byte === BACKSLASH ? 2 : 1
    }
    const quote = bytes.indexOf(QUOTE, at)
    if (quote === -1) throw cutShort()
    let escapes = quote
    while (escapes > at && bytes[escapes - 1] === BACKSLASH) escapes -= 1
    if ((quote - escapes) % 2 === 0) return quote + 1
    at = quote + 1
  }
}

function cutShort(): RangeError {
  return new RangeError('the bytes end inside a value: this is not JSON that was parsed before')
}
