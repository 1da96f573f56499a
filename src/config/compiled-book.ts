import { createHash } from 'node:crypto'
import { deserialize, serialize } from 'node:v8'
import { crc32 } from 'node:zlib'
import { adoptTables, type BookTables, tablesOf } from '../classifier/book-tables.ts'
import type { RuleBook } from '../classifier/rule.ts'

/** A checked rule book with its compiled form: plain data that can go into a file or to another thread. */
export interface CompiledBook {
  readonly book: RuleBook
  readonly tables: BookTables
}

/**
 * Must increase whenever the same rules would be parsed or compiled differently, which invalidates stored
 * copies.
 */
export const FORMAT = 5

const CHECKSUM_BYTES = 4

/** Throws a `PatternError`. */
export function compileBook(book: RuleBook): CompiledBook {
  return { book, tables: tablesOf(book) }
}

/** Returns the book with its compiled tables attached, so that it is not compiled again. */
export function adopt({ book, tables }: CompiledBook): RuleBook {
  adoptTables(book, tables)
  return book
}

/** The identity of compiled rules: a hash of their source text and the format version. */
export function keyOf(text: string): string {
  return createHash('sha256').update(`${FORMAT}\n`).update(text).digest('hex').slice(0, 32)
}

/**
 * A CRC-32 followed by V8-serialized values. Only the same program on the same machine reads it; anyone else
 * recompiles.
 */
export function encodeBook(compiled: CompiledBook): Buffer {
  const body = serialize(compiled)
  const head = Buffer.alloc(CHECKSUM_BYTES)
  head.writeUInt32LE(crc32(body))
  return Buffer.concat([head, body])
}

/** Undefined for bytes that are not exactly what `encodeBook` wrote. */
export function decodeBook(bytes: Buffer): CompiledBook | undefined {
  if (bytes.length <= CHECKSUM_BYTES) return undefined
  const body = bytes.subarray(CHECKSUM_BYTES)
  if (bytes.readUInt32LE(0) !== crc32(body)) return undefined
  try {
    return deserialize(body)
  } catch {
    // Intact but unreadable: written by another version of V8.
    return undefined
  }
}
