const CARRIAGE_RETURN = 0x0d
const NEWLINE = 0x0a

/** What ends a body that is sent in chunks. */
export const LAST_CHUNK = '0\r\n\r\n'

/**
 * A piece of a body as one chunk of it (RFC 9112 section 7.1), which must not be empty. Node writes size, bytes and line
 * ends of each chunk as four pieces; one piece takes less to write than these do.
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
