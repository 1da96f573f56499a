const CARRIAGE_RETURN = 0x0d
const NEWLINE = 0x0a

/** Terminates a chunked body. */
export const LAST_CHUNK = '0\r\n\r\n'

/**
 * Encodes a non-empty piece as one chunk (RFC 9112 section 7.1). Node writes size, bytes and line ends of a
 * chunk as four pieces; a single one is cheaper.
 */
export function chunkOf(piece: Buffer | string): Buffer {
  const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece
  const size = bytes.length.toString(16)
  const start = size.length + 2
  const chunk = Buffer.allocUnsafe(start + bytes.length + 2)
  chunk.write(size, 'latin1')
  chunk[start - 2] = CARRIAGE_RETURN
  chunk[start - 1] = NEWLINE
  chunk.set(bytes, start)
  chunk[start + bytes.length] = CARRIAGE_RETURN
  chunk[start + bytes.length + 1] = NEWLINE
  return chunk
}
