import { ByteQueue } from './byte-queue.ts'

/** What a model was seen to write, as far as tokens can be counted by it. */
export interface Words {
  readonly text: string
  /** UTF-8 bytes that were written beside the text, which is kept up to a bound only. */
  readonly beyondBytes: number
  /** How many frames came: no vendor sends one of words for less than a token. */
  readonly frames: number
}

/** So much is kept as it came: most streams end before, and cost no more than that. */
const RAW_BYTES = 32_768
/** Of a text so long each further byte counts as a token, which none is shorter than. */
const MOST_CHARACTERS = 49_152

const NEWLINE = 0x0a

/**
 * What came of a stream, for the count of one whose usage never comes. It is kept as it came, and boiled down to its
 * words each time there is much of it: a stream costs a bounded amount of memory, however long it is.
 */
export class SeenStream {
  /** Bytes of the stream so far. */
  totalBytes = 0
  /** Complete frames so far, as their reader counts them. */
  frames = 0
  readonly #textOf: (lines: string) => string
  /** Copied: a chunk that is kept keeps all that was read from its connection with it, and is moved by each collection. */
  readonly #raw = new ByteQueue()
  #text = ''
  #beyondBytes = 0
  /** The beginning of the line that goes on has been taken for words already. */
  #overlong = false

  constructor(textOf: (lines: string) => string) {
    this.#textOf = textOf
  }

  keep(chunk: Buffer): void {
    this.totalBytes += chunk.length
    this.#raw.push(chunk)
    if (this.#raw.length >= RAW_BYTES) this.#boilDown()
  }

  /** All words so far, those of a cut frame included. Once asked, nothing more is to be kept. */
  words(): Words {
    if (this.#overlong) this.#boilDown()
    if (!this.#overlong) this.#add(this.#textOf(this.#raw.view().toString('utf8')))
    return { text: this.#text, beyondBytes: this.#beyondBytes, frames: this.frames }
  }

  /** The last line may go on; a line that alone is so much is taken for words as it stands. */
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
