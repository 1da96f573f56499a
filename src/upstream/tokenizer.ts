import { Worker } from 'node:worker_threads'

/** What a text has beyond counts by its bytes. */
const MOST_CHARACTERS = 262_144
/** A count that is not there by then is replaced by the bytes. */
const PATIENCE_MS = 5_000
/** Shorter texts are not worth the way to another thread: their bytes are few enough. */
const WORTH_COUNTING = 64

/** The table of tokens is 25 MB, reading it twice that; what counting makes is gone at once. */
const MEMORY = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 96 }

/**
 * Counts tokens in a thread of its own, which starts when the first text comes: about 80 MB that a program whose
 * upstreams always report their usage never spends.
 */
export class WorkerTokenizer {
  #worker: Worker | undefined
  readonly #waiting = new Map<number, (tokens: number) => void>()
  #jobs = 0

  count(text: string): Promise<number> {
    if (text.length < WORTH_COUNTING) return Promise.resolve(Buffer.byteLength(text))
    const part = text.slice(0, MOST_CHARACTERS)
    const beyond = Buffer.byteLength(text.slice(MOST_CHARACTERS))
    return new Promise((resolve) => {
      const job = ++this.#jobs
      const settle = (tokens: number) => {
        clearTimeout(timer)
        this.#waiting.delete(job)
        resolve(tokens + beyond)
      }
      const timer = setTimeout(() => settle(Buffer.byteLength(part)), PATIENCE_MS)
      this.#waiting.set(job, settle)
      this.#thread().postMessage({ job, text: part })
    })
  }

  async close(): Promise<void> {
    await this.#worker?.terminate()
  }

  #thread(): Worker {
    if (this.#worker !== undefined) return this.#worker
    const file = import.meta.url.endsWith('.ts') ? './tokenizer-worker.ts' : './tokenizer-worker.js'
    const worker = new Worker(new URL(file, import.meta.url), { resourceLimits: MEMORY })
    worker.unref()
    worker.on('message', ({ job, tokens }: { readonly job: number; readonly tokens: number }) => {
      this.#waiting.get(job)?.(tokens)
    })
    // Whoever waits for a thread that died gets the bytes when their patience ends; the next text starts another.
    worker.on('error', () => {
      this.#worker = undefined
    })
    this.#worker = worker
    return worker
  }
}
