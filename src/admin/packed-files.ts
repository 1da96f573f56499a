import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'
import { LRUCache } from 'lru-cache'

const compress = promisify(brotliCompress)

/**
 * Brotli quality. Compresses the console's script to a third; higher settings take seconds to save a few kB.
 */
const QUALITY = 6
/** More than one build has. */
const FILES = 200

/** Files with content-hashed names, each compressed once. */
export class PackedFiles {
  readonly #packed = new LRUCache<string, Promise<Buffer>>({ max: FILES })

  /** Rejects if the file cannot be read. */
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
