/** How much of an image is decoded to find its size: a multiple of four characters. */
const HEAD_CHARACTERS = 8192

const PREFIX = 'data:image/png;base64,'
/** Characters every decoder reads alike; with spaces or the URL alphabet, some skip what others accept. */
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex')
const IHDR = 0x49484452
const IDAT = 0x49444154
const IHDR_LENGTH = 13
/** A chunk's length, type and checksum. */
const CHUNK_FRAME = 12
const LONGEST_SIDE = 0x7fffffff

/**
 * Width and height of an image in a `data:` URL, if no decoder can find others: a budget's bound depends on
 * them. So only PNG is read, from the single IHDR chunk at its standard position. JPEG decoders find the size
 * segment in different ways, and a crafted file can show each of them another one.
 */
export function imageSize(url: string): { readonly width: number; readonly height: number } | undefined {
  if (!url.startsWith(PREFIX) || url.includes(',', PREFIX.length)) return undefined
  const head = url.slice(PREFIX.length, PREFIX.length + HEAD_CHARACTERS)
  return BASE64.test(head) ? pngSize(Buffer.from(head, 'base64')) : undefined
}

function pngSize(head: Buffer) {
  let at = SIGNATURE.length
  if (!head.subarray(0, at).equals(SIGNATURE) || !isChunk(head, at, IHDR)) return undefined
  if (head.readUInt32BE(at) !== IHDR_LENGTH) return undefined
  const first = at
  at += CHUNK_FRAME + IHDR_LENGTH
  // Some decoders let a second IHDR chunk replace the first, until the pixels begin.
  while (!isChunk(head, at, IDAT)) {
    if (at + 8 > head.length || isChunk(head, at, IHDR)) return undefined
    at += CHUNK_FRAME + head.readUInt32BE(at)
  }
  const [width, height] = [head.readUInt32BE(first + 8), head.readUInt32BE(first + 12)]
  return isSide(width) && isSide(height) ? { width, height } : undefined
}

function isChunk(head: Buffer, at: number, type: number): boolean {
  return at + 8 <= head.length && head.readUInt32BE(at + 4) === type
}

function isSide(length: number): boolean {
  return length > 0 && length <= LONGEST_SIDE
}
