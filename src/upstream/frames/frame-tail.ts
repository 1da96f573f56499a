import { ByteQueue } from './byte-queue.ts'

/** A blank line may be split between chunks: up to this many bytes before a chunk may belong to it. */
const OVERLAP = 3

/** The bytes of an event stream after its last complete frame. */
export class FrameTail {
  readonly #mostBytes: number
  readonly #bytes = new ByteQueue()

  /** Keeps frames up to this length. */
  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes
  }

  get length(): number {
    return this.#bytes.length
  }

  /** Whether the frame stays within its bound with this chunk added. */
  fits(chunk: Buffer): boolean {
    return this.length + chunk.length <= this.#mostBytes
  }

  /** Adds a chunk. False when the frame has outgrown its bound; then only its last bytes are kept. */
  append(chunk: Buffer): boolean {
    const fits = this.fits(chunk)
    if (!fits) this.drop(Math.max(0, this.length - OVERLAP))
    this.#bytes.push(chunk)
    return fits
  }

  /** A view, invalidated by the next call. */
  view(): Buffer {
    return this.#bytes.view()
  }

  /** Drops the first `count` bytes. */
  drop(count: number): void {
    this.#bytes.drop(count)
  }
}
