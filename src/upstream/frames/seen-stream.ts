import { ByteQueue } from './byte-queue.ts'

/** What a model was seen to write, as far as its tokens can be counted. */
export interface Words {
  readonly text: string
  /** UTF-8 bytes written beyond the text, which is kept only up to a limit. */
  readonly beyondBytes: number
  /** Number of frames. No vendor sends a text frame for less than a token. */
  readonly frames: number
}

/** How much is kept raw: most streams end before this, and cost nothing more. */
const RAW_BYTES = 32_768
/** Beyond this length each further byte counts as a token; no token is shorter. */
const MOST_CHARACTERS = 49_152

const NEWLINE = 0x0a

/**
 * What arrived of a stream, in case it has to be counted because its usage never comes. Kept raw, and reduced
 * to its text whenever it grows large, so memory per stream is bounded, however long it is.
 */
export class SeenStream {
  /** Bytes of the stream so far. */
  totalBytes = 0
  /** Complete frames so far, counted by the reader. */
  frames = 0
  readonly #textOf: (lines: string) => string
  /** Copied: a retained chunk retains its connection's whole read buffer, and is moved by each collection. */
  readonly #raw = new ByteQueue()
  #text = ''
  #beyondBytes = 0
  /** The beginning of an unfinished line has already been counted as text. */
  #overlong = false

  constructor(textOf: (lines: string) => string) {
    this.#textOf = textOf
  }

  keep(chunk: Buffer): void {
    this.totalBytes += chunk.length
    this.#raw.push(chunk)
    if (this.#raw.length >= RAW_BYTES) this.#boilDown()
  }

  /** All text so far, including a truncated frame's. Keep nothing more after this call. */
  words(): Words {
    if (this.#overlong) this.#boilDown()
    if (!this.#overlong) this.#add(this.#textOf(this.#raw.view().toString('utf8')))
    return { text: this.#text, beyondBytes: this.#beyondBytes, frames: this.frames }
  }

  /** The last line may be unfinished; a single line this long is counted as text as it stands. */
  #boilDown(): void {
    const raw = this.#raw.view()
    const start = this.#overlong ? raw.indexOf(NEWLINE) + 1 : 0
    const end = raw.lastIndexOf(NEWLINE) + 1
    this.#overlong = end === 0
    this.#beyondBytes += this.#overlong ? raw.length : start
    this.#add(this.#textOf(raw.toString('utf8', start, end)))
    this.#raw.drop(this.#overlong ? raw.length : end)
  }

  #add(text: string): void {
    const room = MOST_CHARACTERS - this.#text.length
    this.#text += text.slice(0, room)
    this.#beyondBytes += Buffer.byteLength(text.slice(room))
  }
}
