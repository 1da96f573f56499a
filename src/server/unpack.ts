import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, zstdDecompress } from 'node:zlib'
import { Refusal } from '../base/failure.ts'

interface Bound {
  readonly maxOutputLength: number
}
type Undo = (packed: Buffer, bound: Bound) => Promise<Buffer>

/** What a `content-encoding` is undone with, off the event loop. */
const UNDO: Readonly<Record<string, Undo>> = {
  gzip: promisify<Buffer, Bound, Buffer>(gunzip),
  'x-gzip': promisify<Buffer, Bound, Buffer>(gunzip),
  deflate: promisify<Buffer, Bound, Buffer>(inflate),
  br: promisify<Buffer, Bound, Buffer>(brotliDecompress),
  zstd: promisify<Buffer, Bound, Buffer>(zstdDecompress),
}

/** Nobody packs a body more often; each layer may be a bomb of its own. */
const MOST_LAYERS = 2

/**
 * What a packed body says. Stops at `mostBytes`, whatever the body would grow to. Rejects with a `Refusal`:
 * `body_too_large`, or `invalid_json` for what is packed in no known way or cannot be unpacked.
 */
export async function unpack(body: Buffer, encoding: string | undefined, mostBytes: number): Promise<Buffer> {
  const layers = layersOf(encoding)
  if (layers.length > MOST_LAYERS) throw unreadable(`it is compressed ${layers.length} times`)
  let plain = body
  // The last one named was put on last.
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

/** The encodings that change something. */
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
