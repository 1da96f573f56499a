import type { Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib'

const UNPACKERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
}

/** What undoes an answer's compression; undefined where there is none, or one that is not known here. */
export function unpackerFor(encoding: string | undefined): Transform | undefined {
  const name = encoding?.trim().toLowerCase()
  return name !== undefined && Object.hasOwn(UNPACKERS, name) ? UNPACKERS[name]?.() : undefined
}

/** Whether an answer is compressed at all, known here or not. */
export function isPacked(encoding: string | undefined): boolean {
  return encoding !== undefined && !/^\s*(?:identity)?\s*$/i.test(encoding)
}
