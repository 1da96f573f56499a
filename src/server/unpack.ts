import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, zstdDecompress } from 'node:zlib'
import { Refusal } from '../base/failure.ts'

interface Bound {
  readonly maxOutputLength: number
}
type Undo = (packed: Buffer, bound: Bound) => Promise<Buffer>

/** Decompressors by `content-encoding`; they run off the event loop. */
const UNDO: Readonly<Record<string, Undo>> = {
  gzip: promisify<Buffer, Bound, Buffer>(gunzip),
  'x-gzip': promisify<Buffer, Bound, Buffer>(gunzip),
  deflate: promisify<Buffer, Bound, Buffer>(inflate),
  br: promisify<Buffer, Bound, Buffer>(brotliDecompress),
  zstd: promisify<Buffer, Bound, Buffer>(zstdDecompress),
}

/** No legitimate client compresses more often, and each layer may be a zip bomb. */
const MOST_LAYERS = 2

/**
 * Decompresses a body. Stops at `mostBytes`, whatever it would expand to. Rejects with a `Refusal`:
 * `body_too_large`, or `invalid_json` for an unknown encoding or corrupt data.
 */
export async function unpack(body: Buffer, encoding: string | undefined, mostBytes: number): Promise<Buffer> {
  const layers = layersOf(encoding)
  if (layers.length > MOST_LAYERS) throw unreadable(`it is compressed ${layers.length} times`)
  let plain = body
  // Encodings are listed in the order they were applied.
  for (const layer of layers.toReversed()) {
    const undo = Object.hasOwn(UNDO, layer) ? UNDO[layer] : undefined
    if (undo === undefined) throw unreadable(`it is compressed in a way that is not known here (${layer})`)
    plain = await undo(plain, { maxOutputLength: mostBytes }).catch((error: unknown) => {
      throw isTooLarge(error)
        ? new Refusal({ code: 'body_too_large', limitBytes: mostBytes }, error)
        : unreadable(`it is not what its content-encoding says (${layer})`)
    })
  }
  return plain
}

/** The encodings other than `identity`. */
function layersOf(encoding: string | undefined): readonly string[] {
  const named = (encoding ?? '').split(',').map((name) => name.trim().toLowerCase())
  return named.filter((name) => name !== '' && name !== 'identity')
}

function unreadable(detail: string): Refusal {
  return new Refusal({ code: 'invalid_json', detail })
}

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
}
