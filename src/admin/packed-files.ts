import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'
import { LRUCache } from 'lru-cache'

const compress = promisify(brotliCompress)

/** The console's script packs to a third; harder than this costs seconds for a few kB. */
const QUALITY = 6
/** More than one build has. */
const FILES = 200

/** Files whose names hold a hash of what is in them, each packed once. */
export class PackedFiles {
  readonly #packed = new LRUCache<string, Promise<Buffer>>({ max: FILES })

  /** Rejects where the file cannot be read. */
  read(path: string): Promise<Buffer> {
    const known = this.#packed.get(path)
    if (known !== undefined) return known
    const params = { [constants.BROTLI_PARAM_QUALITY]: QUALITY }
    const packed = readFile(path).then((whole) => compress(whole, { params }))
    this.#packed.set(path, packed)
    packed.catch(() => this.#packed.delete(path))
    return packed
  }
}
