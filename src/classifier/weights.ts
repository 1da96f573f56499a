import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { PROMPT_CLASSES } from '../base/prompt-class.ts'
import { BUCKETS, FEATURES_VERSION } from './features.ts'
import type { PerClass } from './verdict.ts'

/**
 * A learned model as it is kept in a file: 64 bytes of header, then `BUCKETS` × 2 signed bytes: how far a bucket
 * pulls to the first and to the second class, against the third. A softmax sees no more than that. Little-endian.
 *
 *     0  8  magic "TRIVIUM\n"       8  2  format      10  2  features version
 *    12  4  buckets                16  4  hash salt   20  4  scale (float32)
 *    24  8  temperature (float64)  32 24  bias of each class (float64)
 *    56  4  CRC-32 of all other bytes                              60  4  zero
 */
export interface Weights {
  readonly salt: number
  /** One step of a signed byte, in log-odds. */
  readonly scale: number
  /** Logits are divided by it before the softmax; fitted on sources left out of training. */
  readonly temperature: number
  readonly bias: PerClass
  readonly table: Int8Array
  /** Hash of the file, twelve hex digits. */
  readonly version: string
}

/** Bytes that are no weights, or not of this program's version. The message is one line. */
export class WeightsError extends Error {
  override readonly name = 'WeightsError'
}

const MAGIC = 'TRIVIUM\n'
const FORMAT = 3
const CHECKSUM = 56
const HEADER = 64
const TABLE = BUCKETS * (PROMPT_CLASSES.length - 1)

export function encodeWeights(weights: Omit<Weights, 'version'>): Buffer {
  const bytes = Buffer.alloc(HEADER + TABLE)
  bytes.write(MAGIC, 0, 'latin1')
  bytes.writeUInt16LE(FORMAT, 8)
  bytes.writeUInt16LE(FEATURES_VERSION, 10)
  bytes.writeUInt32LE(BUCKETS, 12)
  bytes.writeInt32LE(weights.salt, 16)
  bytes.writeFloatLE(weights.scale, 20)
  bytes.writeDoubleLE(weights.temperature, 24)
  for (const [index, bias] of weights.bias.entries()) bytes.writeDoubleLE(bias, 32 + 8 * index)
  bytes.set(Buffer.from(weights.table.buffer, weights.table.byteOffset, TABLE), HEADER)
  bytes.writeUInt32LE(checksumOf(bytes), CHECKSUM)
  return bytes
}

/** Throws a `WeightsError` for anything this version did not write. The table is a view on `bytes`. */
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
  if (bytes.length !== HEADER + TABLE) {
    throw new WeightsError(
      `has ${bytes.length} bytes instead of ${HEADER + TABLE}: it was cut or overwritten`,
    )
  }
  if (bytes.readUInt32LE(CHECKSUM) !== checksumOf(bytes)) {
    throw new WeightsError('does not match its checksum: some of its bytes have changed')
  }
  const scale = bytes.readFloatLE(20)
  const temperature = bytes.readDoubleLE(24)
  const bias: PerClass = [bytes.readDoubleLE(32), bytes.readDoubleLE(40), bytes.readDoubleLE(48)]
  if (![scale, temperature, ...bias].every(Number.isFinite) || scale <= 0 || temperature <= 0) {
    throw new WeightsError('has a header with impossible numbers: it was overwritten')
  }
  return {
    salt: bytes.readInt32LE(16),
    scale,
    temperature,
    bias,
    table: new Int8Array(bytes.buffer, bytes.byteOffset + HEADER, TABLE),
    version: createHash('sha256').update(bytes).digest('hex').slice(0, 12),
  }
}

function checksumOf(bytes: Buffer): number {
  const before = crc32(bytes.subarray(0, CHECKSUM))
  return crc32(bytes.subarray(CHECKSUM + 4), before)
}
