import { createHash } from 'node:crypto'
import { deserialize, serialize } from 'node:v8'
import { crc32 } from 'node:zlib'
import { adoptTables, type BookTables, tablesOf } from '../classifier/book-tables.ts'
import type { RuleBook } from '../classifier/rule.ts'

/** A checked rule book with what compiling it comes to: plain data, for a file or another thread. */
export interface CompiledBook {
  readonly book: RuleBook
  readonly tables: BookTables
}

/** Grows whenever the same rules are read or compiled into something else: what was kept before is made anew. */
export const FORMAT = 4

const CHECKSUM_BYTES = 4

/** Throws a `PatternError`. */
export function compileBook(book: RuleBook): CompiledBook {
  return { book, tables: tablesOf(book) }
}

/** The book, which now need not be compiled any more. */
export function adopt({ book, tables }: CompiledBook): RuleBook {
  adoptTables(book, tables)
  return book
}

/** By what compiled rules are known: a hash of the text they were read from, and of how. */
export function keyOf(text: string): string {
  return createHash('sha256').update(`${FORMAT}\n`).update(text).digest('hex').slice(0, 32)
}

/** A CRC-32, then the values as V8 writes them: read by the same program on the same machine, or made anew. */
export function encodeBook(compiled: CompiledBook): Buffer {
  const body = serialize(compiled)
  const head = Buffer.alloc(CHECKSUM_BYTES)
  head.writeUInt32LE(crc32(body))
  return Buffer.concat([head, body])
}

/** Undefined for bytes that are not, or not wholly, what `encodeBook` wrote. */
export function decodeBook(bytes: Buffer): CompiledBook | undefined {
  if (bytes.length <= CHECKSUM_BYTES) return undefined
  const body = bytes.subarray(CHECKSUM_BYTES)
  if (bytes.readUInt32LE(0) !== crc32(body)) return undefined
  try {
    return deserialize(body)
  } catch {
    // Whole, and yet not to be read: another version of V8 wrote it.
    return undefined
  }
}
