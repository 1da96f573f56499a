import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { PROMPT_CLASSES } from '../../base/prompt-class.ts'
import type { PerClass } from '../verdict.ts'
import { BUCKETS, FEATURES_VERSION } from './features.ts'

/**
 * File format of a learned model. An 80-byte header, then `BUCKETS` × 2 signed bytes: each bucket's pull
 * towards the first and the second class, relative to the third (all that a softmax can see); then
 * `TIE_BUCKETS` signed bytes: the evidence that a turn only continues an earlier ask. Little-endian.
 *
 *     0  8  magic "TRIVIUM\n"       8  2  format      10  2  features version
 *    12  4  buckets                16  4  hash salt   20  4  scale (float32)
 *    24  8  temperature (float64)  32 24  bias of each class (float64)
 *    56  4  CRC-32 of all other bytes                              60  4  scale of ties (float32)
 *    64  8  bias of ties (float64)  72  4  buckets of ties           76  4  zero
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
const FORMAT = 4
const CHECKSUM = 56
const HEADER = 80
const TABLE = BUCKETS * (PROMPT_CLASSES.length - 1)
/** A power of two: a bucket's low bits are its index. Turns that depend on others are short: few suffice. */
export const TIE_BUCKETS = 16_384
const SIZE = HEADER + TABLE + TIE_BUCKETS

export function encodeWeights(weights: Omit<Weights, 'version'>): Buffer {
  const bytes = Buffer.alloc(SIZE)
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
  bytes.set(asBytes(weights.table), HEADER)
  bytes.set(asBytes(weights.ties.table), HEADER + TABLE)
  bytes.writeUInt32LE(checksumOf(bytes), CHECKSUM)
  return bytes
}

/** Throws a `WeightsError` for anything this version did not write. The table is a view of `bytes`. */
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
  if (bytes.length !== SIZE) {
    throw new WeightsError(`has ${bytes.length} bytes instead of ${SIZE}: it was cut or overwritten`)
  }
  if (bytes.readUInt32LE(CHECKSUM) !== checksumOf(bytes)) {
    throw new WeightsError('does not match its checksum: some of its bytes have changed')
  }
  const scale = bytes.readFloatLE(20)
  const temperature = bytes.readDoubleLE(24)
  const bias: PerClass = [bytes.readDoubleLE(32), bytes.readDoubleLE(40), bytes.readDoubleLE(48)]
  const ties = { scale: bytes.readFloatLE(60), bias: bytes.readDoubleLE(64) }
  const numbers = [scale, temperature, ...bias, ties.scale, ties.bias]
  if (!numbers.every(Number.isFinite) || scale <= 0 || temperature <= 0 || ties.scale <= 0) {
    throw new WeightsError('has a header with impossible numbers: it was overwritten')
  }
  return {
    salt: bytes.readInt32LE(16),
    scale,
    temperature,
    bias,
    table: new Int8Array(bytes.buffer, bytes.byteOffset + HEADER, TABLE),
    ties: { ...ties, table: new Int8Array(bytes.buffer, bytes.byteOffset + HEADER + TABLE, TIE_BUCKETS) },
    version: createHash('sha256').update(bytes).digest('hex').slice(0, 12),
  }
}

function asBytes(table: Int8Array): Buffer {
  return Buffer.from(table.buffer, table.byteOffset, table.length)
}

function checksumOf(bytes: Buffer): number {
  const before = crc32(bytes.subarray(0, CHECKSUM))
  return crc32(bytes.subarray(CHECKSUM + 4), before)
}
