import { Worker } from 'node:worker_threads'
import type { Jobs, Kind, Reply, Workplace } from './jobs.ts'

/** Loading a thread takes as long as checking rules: it stays for the next keystrokes. */
const IDLE_MS = 60_000
/** A job that takes longer never ends; a trial on many labels takes longest. */
const PATIENCE_MS = 300_000

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

/**
 * Does the heavy work of tuning in threads of its own, so that no request waits for it: jobs of a second or two one
 * after the other in a thread that stays a while, a replay in one that ends with it.
 */
export class Workshop {
  readonly #place: Workplace
  #bench: Worker | undefined
  #idle: NodeJS.Timeout | undefined
  readonly #threads = new Set<Worker>()
  #jobs = 0
  /** Jobs that are under way on the bench. */
  #busy = 0

  constructor(place: Workplace) {
    this.#place = place
  }

  /** Rejects with a `JobFailed`. */
  async run<K extends Exclude<Kind, 'replay'>>(kind: K, asked: Jobs[K]['asked']): Promise<Jobs[K]['done']> {
    clearTimeout(this.#idle)
    this.#busy += 1
    const bench = this.#bench ?? this.#thread()
    this.#bench = bench
    try {
      return await this.#perform(bench, kind, asked, { signal: AbortSignal.timeout(PATIENCE_MS) })
    } catch (error) {
      // A thread that is still at it is of no use to the next job.
      if (!(error instanceof JobFailed) || error.reason === ENDED) await this.#end(bench)
      throw error
    } finally {
      this.#busy -= 1
      if (this.#busy === 0) this.#idle = setTimeout(() => this.#end(bench), IDLE_MS).unref()
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
    clearTimeout(this.#idle)
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

  #thread(): Worker {
    const file = import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js'
    const thread = new Worker(new URL(file, import.meta.url), { workerData: this.#place })
    thread.unref()
    this.#threads.add(thread)
    return thread
  }

  async #end(thread: Worker): Promise<void> {
    if (this.#bench === thread) this.#bench = undefined
    this.#threads.delete(thread)
    await thread.terminate()
  }
}
