import { Worker } from 'node:worker_threads'
import { threadFile } from '../base/thread-file.ts'

/** Text beyond this length counts by its bytes. */
const MOST_CHARACTERS = 262_144
/**
 * Limit on all waiting texts together, a second's work; they stay in memory while they wait. Above it, texts
 * count by their bytes.
 */
const MOST_WAITING = 16 * MOST_CHARACTERS
/** If a count takes longer, the byte count is used instead; only a row waits for it. */
const PATIENCE_MS = 30_000
/** Shorter texts are not worth a trip to another thread; their byte count is close enough. */
const WORTH_COUNTING = 64

/** The token table is off-heap; what counting allocates is short-lived. */
const MEMORY = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 32 }

interface Waiting {
  readonly text: string
  /** Without a count, settles with the byte count. */
  settle(tokens?: number): void
}

/**
 * Counts tokens in a worker thread, started by the first text. It takes about 17 MB, never spent if the
 * upstreams always report usage.
 */
export class WorkerTokenizer {
  #worker: Worker | undefined
  /** Queued on this side: an expired text is never sent to be counted, and no copy of it waits. */
  readonly #waiting = new Set<Waiting>()
  #characters = 0
  /** What the thread is counting, even if nobody waits for it any more. */
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

  /** Everything still waiting settles with its byte count. */
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
    const worker = new Worker(threadFile('tokenizer-worker', import.meta.url), { resourceLimits: MEMORY })
    worker.unref()
    worker.on('message', (tokens: number) => this.#onCount(tokens))
    // A text that crashes the thread is not counted; the next one starts a new thread.
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
