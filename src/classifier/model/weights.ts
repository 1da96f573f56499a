import { createHash } from 'node:crypto'
import { constants, crc32, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { PROMPT_CLASSES } from '../../base/prompt-class.ts'
import type { PerClass } from '../verdict.ts'
import { BUCKETS, FEATURES_VERSION } from './features.ts'
import { bitmapSize, packTable, unpackTable } from './packed-table.ts'

/**
 * File format of a learned model: an 80-byte header, little-endian, then, compressed with zstd, first
 * `TIE_BUCKETS` signed bytes, the evidence that a turn only continues an earlier ask; then `BUCKETS` pairs of
 * signed bytes, packed: each bucket's pull towards the first and the second class, relative to the third (all
 * that a softmax can see).
 *
 *     0  8  magic "TRIVIUM\n"       8  2  format      10  2  features version    12  4  buckets
 * 16  4  hash salt   20  4  scale (float32)    24  8  temperature (float64)  32 24  bias of each class
 * (float64)    56  4  CRC-32 of all other bytes                              60  4  scale of ties (float32)
 * 64  8  bias of ties (float64)  72  4  buckets of ties           76  4  bytes of this file
 */
export interface Weights {
  readonly salt: number
  /** Log-odds per step of a signed byte. */
  readonly scale: number
  /** Divides the logits before the softmax; fitted on sources left out of training. */
  readonly temperature: number
  readonly bias: PerClass
  readonly table: Int8Array
  readonly ties: TieWeights
  /** Hash of the file, twelve hex digits. */
  readonly version: string
}

/** Evidence for and against a dependence on an earlier ask. */
export interface TieWeights {
  readonly scale: number
  readonly bias: number
  readonly table: Int8Array
}

/** The bytes are no weights, or of another version. The message is one line. */
export class WeightsError extends Error {
  override readonly name = 'WeightsError'
}

const MAGIC = 'TRIVIUM\n'
const FORMAT = 5
const CHECKSUM = 56
const HEADER = 80
const TABLE = BUCKETS * (PROMPT_CLASSES.length - 1)
/** A power of two: a bucket's low bits are its index. Turns that depend on others are short, so these suffice. */
export const TIE_BUCKETS = 65_536
/** No training comes near: with larger numbers, or smaller divisors, sums of evidence would overflow. */
const MOST = 1e6
const LONGEST = TIE_BUCKETS + bitmapSize(BUCKETS) + TABLE
/**
 * Packed, nothing repeats: Huffman coding is all there is to gain, and higher levels gain nothing for fifty
 * times as long.
 */
const COMPRESSION = { [constants.ZSTD_c_compressionLevel]: 1 }

export function encodeWeights(weights: Omit<Weights, 'version'>): Buffer {
  const tables = Buffer.concat([asBytes(weights.ties.table), packTable(weights.table)])
  const bytes = Buffer.concat([Buffer.alloc(HEADER), zstdCompressSync(tables, { params: COMPRESSION })])
  bytes.write(MAGIC, 0, 'latin1')
  bytes.writeUInt16LE(FORMAT, 8)
  bytes.writeUInt16LE(FEATURES_VERSION, 10)
  bytes.writeUInt32LE(BUCKETS, 12)
  bytes.writeInt32LE(weights.salt, 16)
  bytes.writeFloatLE(weights.scale, 20)
  bytes.writeDoubleLE(weights.temperature, 24)
  for (const [index, bias] of weights.bias.entries()) bytes.writeDoubleLE(bias, 32 + 8 * index)
  bytes.writeFloatLE(weights.ties.scale, 60)
  bytes.writeDoubleLE(weights.ties.bias, 64)
  bytes.writeUInt32LE(TIE_BUCKETS, 72)
  bytes.writeUInt32LE(bytes.length, 76)
  bytes.writeUInt32LE(checksumOf(bytes), CHECKSUM)
  return bytes
}

/** Throws a `WeightsError` for anything this version did not write. */
export function decodeWeights(bytes: Buffer): Weights {
  if (bytes.length < HEADER || bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) {
    throw new WeightsError('is not a file of classifier weights')
  }
  const expect = (what: string, found: number, wanted: number) => {
    if (found !== wanted) {
      throw new WeightsError(`has ${what} ${found}, this program reads ${wanted}: train the weights anew`)
    }
  }
  expect('format', bytes.readUInt16LE(8), FORMAT)
  expect('features version', bytes.readUInt16LE(10), FEATURES_VERSION)
  expect('bucket count', bytes.readUInt32LE(12), BUCKETS)
  expect('tie bucket count', bytes.readUInt32LE(72), TIE_BUCKETS)
  const size = bytes.readUInt32LE(76)
  if (bytes.length !== size) {
    throw new WeightsError(`has ${bytes.length} bytes instead of ${size}: it was cut or overwritten`)
  }
  if (bytes.readUInt32LE(CHECKSUM) !== checksumOf(bytes)) {
    throw new WeightsError('does not match its checksum: some of its bytes have changed')
  }
  const scale = bytes.readFloatLE(20)
  const temperature = bytes.readDoubleLE(24)
  const bias: PerClass = [bytes.readDoubleLE(32), bytes.readDoubleLE(40), bytes.readDoubleLE(48)]
  const ties = { scale: bytes.readFloatLE(60), bias: bytes.readDoubleLE(64) }
  const numbers = [scale, temperature, ...bias, ties.scale, ties.bias]
  const divisors = [scale, temperature, ties.scale]
  if (!numbers.every((each) => Math.abs(each) <= MOST) || !divisors.every((each) => each >= 1 / MOST)) {
    throw new WeightsError('has a header with impossible numbers: it was overwritten')
  }
  const { table, tieTable } = tablesIn(bytes.subarray(HEADER))
  return {
    salt: bytes.readInt32LE(16),
    scale,
    temperature,
    bias,
    table,
    ties: { ...ties, table: tieTable },
    version: createHash('sha256').update(bytes).digest('hex').slice(0, 12),
  }
}

function tablesIn(compressed: Buffer): { readonly table: Int8Array; readonly tieTable: Int8Array } {
  let tables: Buffer
  try {
    tables = zstdDecompressSync(compressed, { maxOutputLength: LONGEST })
  } catch {
    throw new WeightsError('cannot be decompressed: it was overwritten')
  }
  const table = unpackTable(tables.subarray(TIE_BUCKETS), BUCKETS)
  if (table === undefined) throw new WeightsError('has tables of another size: it was overwritten')
  return { table, tieTable: new Int8Array(tables.buffer, tables.byteOffset, TIE_BUCKETS) }
}

function asBytes(table: Int8Array): Buffer {
  return Buffer.from(table.buffer, table.byteOffset, table.length)
}

function checksumOf(bytes: Buffer): number {
  const before = crc32(bytes.subarray(0, CHECKSUM))
  return crc32(bytes.subarray(CHECKSUM + 4), before)
}
