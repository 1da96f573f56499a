import { Worker } from 'node:worker_threads'
import type { Jobs, Kind, Reply, Workplace } from './jobs.ts'

/** Loading a thread takes as long as checking rules: it stays for the next keystrokes. */
const IDLE_MS = 60_000
/** A job that takes longer never ends; a trial on many labels takes longest. Whoever types waits for a check. */
const PATIENCE_MS = { check: 15_000, other: 300_000 }
/** Benches for checks: whoever's takes long keeps nobody else's waiting. Other jobs change something, one after the other. */
const MOST_BENCHES = { check: 3, other: 1 }

/** Of a job whose thread is gone, or has to go. */
export const ENDED = 'Ended'

/** A job that could not be done. */
export class JobFailed extends Error {
  override readonly name = 'JobFailed'
  /** The name of the error in the thread, or `ENDED`. */
  readonly reason: string

  constructor(reason: string, message: string) {
    super(message)
    this.reason = reason
  }
}

/** Whoever asks for a job may hear how far it is, and end it. */
export interface Attention {
  readonly onProgress?: (done: number) => void
  readonly signal?: AbortSignal
}

interface Bench {
  readonly thread: Worker
  /** Jobs that are under way on it. */
  busy: number
  idle: NodeJS.Timeout | undefined
}

/**
 * Does the heavy work of tuning in threads of its own, so that no request waits for it: jobs of a second or two in
 * threads that stay a while, those that change something one after the other, a replay in one that ends with it.
 */
export class Workshop {
  readonly #place: Workplace
  readonly #benches: { readonly check: Bench[]; readonly other: Bench[] } = { check: [], other: [] }
  readonly #threads = new Set<Worker>()
  #jobs = 0

  constructor(place: Workplace) {
    this.#place = place
  }

  /** Rejects with a `JobFailed`. */
  async run<K extends Exclude<Kind, 'replay'>>(kind: K, asked: Jobs[K]['asked']): Promise<Jobs[K]['done']> {
    const room = kind === 'check' ? 'check' : 'other'
    const bench = this.#benchIn(room)
    clearTimeout(bench.idle)
    bench.busy += 1
    try {
      return await this.#perform(bench.thread, kind, asked, {
        signal: AbortSignal.timeout(PATIENCE_MS[room]),
      })
    } catch (error) {
      // A thread that is still at it is of no use to the next job.
      if (!(error instanceof JobFailed) || error.reason === ENDED) await this.#clear(bench)
      throw error
    } finally {
      bench.busy -= 1
      if (bench.busy === 0) bench.idle = setTimeout(() => this.#clear(bench), IDLE_MS).unref()
    }
  }

  /** The same for a replay. The signal ends it at once, wherever it is. */
  async replay(asked: Jobs['replay']['asked'], attention: Attention): Promise<Jobs['replay']['done']> {
    const thread = this.#thread()
    try {
      return await this.#perform(thread, 'replay', asked, attention)
    } finally {
      await this.#end(thread)
    }
  }

  async close(): Promise<void> {
    for (const { idle } of [...this.#benches.check, ...this.#benches.other]) clearTimeout(idle)
    await Promise.all([...this.#threads].map((thread) => this.#end(thread)))
  }

  #perform<K extends Kind>(
    thread: Worker,
    kind: K,
    asked: Jobs[K]['asked'],
    { onProgress, signal }: Attention,
  ): Promise<Jobs[K]['done']> {
    const job = ++this.#jobs
    const { promise, resolve, reject } = Promise.withResolvers<Jobs[K]['done']>()
    const onReply = (reply: Reply<K>) => {
      if (reply.job !== job) return
      if ('progress' in reply) onProgress?.(reply.progress)
      else if ('done' in reply) resolve(reply.done)
      else reject(new JobFailed(reply.failed.name, reply.failed.message))
    }
    const onError = (error: Error) => reject(new JobFailed(ENDED, error.message))
    const onExit = () => reject(new JobFailed(ENDED, 'it was ended'))
    const onAbort = () => reject(new JobFailed(ENDED, 'it took too long, or was ended'))
    thread.on('message', onReply).once('error', onError).once('exit', onExit)
    signal?.addEventListener('abort', onAbort)
    thread.postMessage({ job, kind, asked })
    return promise.finally(() => {
      thread.off('message', onReply).off('error', onError).off('exit', onExit)
      signal?.removeEventListener('abort', onAbort)
    })
  }

  /** A free bench, or another as long as there is room; else the one with the least to do. */
  #benchIn(room: 'check' | 'other'): Bench {
    const benches = this.#benches[room]
    const [freest] = benches.toSorted((a, b) => a.busy - b.busy)
    if (freest !== undefined && (freest.busy === 0 || benches.length >= MOST_BENCHES[room])) return freest
    const bench = { thread: this.#thread(), busy: 0, idle: undefined }
    benches.push(bench)
    return bench
  }

  async #clear(bench: Bench): Promise<void> {
    for (const benches of [this.#benches.check, this.#benches.other]) {
      const place = benches.indexOf(bench)
      if (place !== -1) benches.splice(place, 1)
    }
    await this.#end(bench.thread)
  }

  #thread(): Worker {
    const file = import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js'
    const thread = new Worker(new URL(file, import.meta.url), { workerData: this.#place })
    thread.unref()
    this.#threads.add(thread)
    return thread
  }

  async #end(thread: Worker): Promise<void> {
    this.#threads.delete(thread)
    await thread.terminate()
  }
}
