/** How much of an image is decoded in search of its size: behind this, a photo's size stays unknown. */
const HEAD_CHARACTERS = 8192

/**
 * Width and height of an image in a `data:` URL, read from the head of a PNG or JPEG file; undefined where they are
 * not found there. Animated formats are left out: their frames need not have the size the file's head gives.
 */
export function imageSize(url: string): { readonly width: number; readonly height: number } | undefined {
  const comma = url.indexOf(',', 5)
  if (comma === -1 || !url.startsWith(';base64', comma - 7)) return undefined
  const head = Buffer.from(url.slice(comma + 1, comma + 1 + HEAD_CHARACTERS), 'base64')
  const size = pngSize(head) ?? jpegSize(head)
  return size === undefined || size.width === 0 || size.height === 0 ? undefined : size
}

/** PNG: the IHDR chunk stands first, its two first words are the size. */
function pngSize(head: Buffer) {
  if (head.length < 24 || head.readUInt32BE(0) !== 0x89504e47 || head.readUInt32BE(12) !== 0x49484452)
    return undefined
  return { width: head.readUInt32BE(16), height: head.readUInt32BE(20) }
}

/** JPEG: segments of known length up to the frame header, which is any marker C0 to CF but C4, C8 and CC. */
function jpegSize(head: Buffer) {
  if (head.length < 4 || head.readUInt16BE(0) !== 0xffd8) return undefined
  let at = 2
  while (at + 9 <= head.length && head[at] === 0xff) {
    const marker = head.readUInt8(at + 1)
    if ((marker & 0xf0) === 0xc0 && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
      return { width: head.readUInt16BE(at + 7), height: head.readUInt16BE(at + 5) }
    }
    at += 2 + head.readUInt16BE(at + 2)
  }
  return undefined
}
