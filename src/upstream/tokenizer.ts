import { Worker } from 'node:worker_threads'

/** What a text has beyond counts by its bytes. */
const MOST_CHARACTERS = 262_144
/** Together. Who comes when so much waits counts by the bytes: a second's work, and texts are kept as long as they wait. */
const MOST_WAITING = 16 * MOST_CHARACTERS
/** A count that is not there by then is replaced by the bytes: nobody waits for it but a row. */
const PATIENCE_MS = 30_000
/** Shorter texts are not worth the way to another thread: their bytes are few enough. */
const WORTH_COUNTING = 64

/** The table of tokens lies beside the heap; what counting makes is gone at once. */
const MEMORY = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 32 }

interface Waiting {
  readonly text: string
  /** Without a count: by its bytes. */
  settle(tokens?: number): void
}

/**
 * Counts tokens in a thread of its own, which starts when the first text comes: about 17 MB that a program whose
 * upstreams always report their usage never spends.
 */
export class WorkerTokenizer {
  #worker: Worker | undefined
  /** In turn, on this side: whose patience has ended is not counted, and no copy of a text waits with it. */
  readonly #waiting = new Set<Waiting>()
  #characters = 0
  /** What the thread is counting, though nobody may wait for it any more. */
  #asked: Waiting | undefined

  count(text: string): Promise<number> {
    const part = text.slice(0, MOST_CHARACTERS)
    if (part.length < WORTH_COUNTING || this.#characters + part.length > MOST_WAITING) {
      return Promise.resolve(Buffer.byteLength(text))
    }
    const beyond = Buffer.byteLength(text.slice(MOST_CHARACTERS))
    return new Promise((resolve) => {
      const waiting: Waiting = {
        text: part,
        settle: (tokens = Buffer.byteLength(part)) => {
          clearTimeout(timer)
          if (this.#waiting.delete(waiting)) this.#characters -= part.length
          resolve(tokens + beyond)
        },
      }
      const timer = setTimeout(waiting.settle, PATIENCE_MS)
      this.#waiting.add(waiting)
      this.#characters += part.length
      this.#next()
    })
  }

  /** Whoever still waits gets the bytes. */
  async close(): Promise<void> {
    await this.#worker?.terminate()
    for (const { settle } of this.#waiting) settle()
  }

  #next(): void {
    if (this.#asked !== undefined) return
    const [first] = this.#waiting
    if (first === undefined) return
    this.#asked = first
    this.#running().postMessage(first.text)
  }

  #running(): Worker {
    if (this.#worker !== undefined) return this.#worker
    const file = import.meta.url.endsWith('.ts') ? './tokenizer-worker.ts' : './tokenizer-worker.js'
    const worker = new Worker(new URL(file, import.meta.url), { resourceLimits: MEMORY })
    worker.unref()
    worker.on('message', (tokens: number) => this.#onCount(tokens))
    // What a thread died of is not counted; the next text starts another.
    worker.on('error', () => {
      this.#worker = undefined
      this.#onCount(undefined)
    })
    this.#worker = worker
    return worker
  }
  #onCount(tokens: number | undefined): void {
    this.#asked?.settle(tokens)
    this.#asked = undefined
    this.#next()
  }
}
