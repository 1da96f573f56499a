import { Worker } from 'node:worker_threads'
import { threadFile } from '../base/thread-file.ts'
import type { Jobs, Kind, Reply, Workplace } from './jobs.ts'

/** Starting a thread takes as long as checking rules, so it is kept for the next keystrokes. */
const IDLE_MS = 60_000
/**
 * A job that takes longer hangs; a trial on many labels takes longest. Checks run while somebody types: a second
 * each, but twenty of them where other programs have the cores, and ending one means starting over.
 */
const PATIENCE_MS = { check: 60_000, other: 300_000 }
/** Maximum threads. Checks run in parallel, so none delays the others. Other jobs run one at a time. */
const MOST_BENCHES = { check: 3, other: 1 }

/** Reason if a job's thread died or had to be killed. */
export const ENDED = 'Ended'

/** A job that failed. */
export class JobFailed extends Error {
  override readonly name = 'JobFailed'
  /** The name of the error in the thread, or `READ_ONLY`, `STORE_FAILED` or `ENDED`. */
  readonly reason: string

  constructor(reason: string, message: string) {
    super(message)
    this.reason = reason
  }
}

/** Lets the caller follow a job's progress and cancel it. */
export interface Attention {
  readonly onProgress?: (done: number) => void
  readonly signal?: AbortSignal
}

interface Bench {
  readonly thread: Worker
  /** Number of jobs running on it. */
  busy: number
  idle: NodeJS.Timeout | undefined
}

/**
 * Does the heavy work of tuning in worker threads, so that no request waits for it. Jobs of a second or two
 * run in threads that are reused; jobs that make changes run one at a time; a replay gets its own thread.
 */
export class Workshop {
  readonly #workplace: Workplace
  readonly #benches: { readonly check: Bench[]; readonly other: Bench[] } = { check: [], other: [] }
  readonly #threads = new Set<Worker>()
  #jobs = 0

  constructor(workplace: Workplace) {
    this.#workplace = workplace
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
      // A thread that is still busy is useless to the next job.
      if (!(error instanceof JobFailed) || error.reason === ENDED) await this.#clear(bench)
      throw error
    } finally {
      bench.busy -= 1
      if (bench.busy === 0) bench.idle = setTimeout(() => this.#clear(bench), IDLE_MS).unref()
    }
  }

  /** The same for a replay. The signal ends it immediately, wherever it is. */
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

  /** An idle bench, or a new one if there is room, else the least busy. */
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
      const index = benches.indexOf(bench)
      if (index !== -1) benches.splice(index, 1)
    }
    await this.#end(bench.thread)
  }

  #thread(): Worker {
    const thread = new Worker(threadFile('worker', import.meta.url), { workerData: this.#workplace })
    thread.unref()
    // One for each job that waits, however many there are.
    thread.setMaxListeners(0)
    this.#threads.add(thread)
    return thread
  }

  async #end(thread: Worker): Promise<void> {
    this.#threads.delete(thread)
    await thread.terminate()
  }
}
