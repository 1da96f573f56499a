import type { Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib'

const UNPACKERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
}

/** A decompressor for an answer; undefined if it is uncompressed or the encoding is unknown. */
export function unpackerFor(encoding: string | undefined): Transform | undefined {
  const name = encoding?.trim().toLowerCase()
  return name !== undefined && Object.hasOwn(UNPACKERS, name) ? UNPACKERS[name]?.() : undefined
}

/** Whether an answer is compressed at all, in a known encoding or not. */
export function isPacked(encoding: string | undefined): boolean {
  return encoding !== undefined && !/^\s*(?:identity)?\s*$/i.test(encoding)
}
