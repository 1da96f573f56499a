import { Worker } from 'node:worker_threads'
import { threadFile } from '../../base/thread-file.ts'
import type { Store } from './open.ts'

/** This many changes make 8 to 16 MB of log: most touch two or three pages of 4 KB. */
const CHANGES_APART = 2_000

/**
 * Checkpoints until the log restarts from its beginning. The restart requires checkpointing, between two
 * commits, whatever was written during the last checkpoint, with three syncs on this thread: two to five
 * milliseconds each.
 */
const TIMES_A_ROUND = 4

/**
 * Log pages at which SQLite checkpoints by itself, in the middle of a commit: a fallback in case the thread
 * lags behind.
 */
const MOST_PAGES = 32_000

/** The thread keeps almost no state. */
const MEMORY = { maxYoungGenerationSizeMb: 1, maxOldGenerationSizeMb: 16 }

/**
 * Checkpoints a store's write-ahead log without blocking requests. A checkpoint writes a lot and syncs the
 * disk twice, which takes from four to fifty milliseconds; on the serving thread every request would wait for
 * that. The thread starts when there is work.
 */
export class Checkpoints {
  readonly #store: Pick<Store, 'file' | 'database' | 'isInPlace'>
  #changes = 0
  #times = 0
  #thread: Worker | undefined
  #isAsked = false
  #closed = false

  constructor(store: Pick<Store, 'file' | 'database' | 'isInPlace'>) {
    this.#store = store
    store.database.exec(`PRAGMA wal_autocheckpoint = ${MOST_PAGES}`)
  }

  /** Reports committed changes. */
  wrote(changes: number): void {
    this.#changes += changes
    if (this.#changes < CHANGES_APART || this.#isAsked || this.#closed) return
    this.#changes = 0
    // Another file, not ours, may have taken its name by now.
    if (!this.#store.isInPlace()) return
    this.#isAsked = true
    this.#running().postMessage('bring over')
  }

  /** Must be awaited before the store is closed, because the last connection to close cleans up the log. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#thread?.terminate()
  }

  #running(): Worker {
    if (this.#thread !== undefined) return this.#thread
    const thread = new Worker(threadFile('checkpoint-thread', import.meta.url), {
      workerData: { file: this.#store.file },
      resourceLimits: MEMORY,
    })
    thread.unref()
    thread.on('message', () => this.#onDone())
    // A full disk, for example. Until another thread succeeds, SQLite checkpoints its log itself.
    thread.on('error', () => {})
    thread.on('exit', () => {
      this.#thread = undefined
      this.#isAsked = false
    })
    this.#thread = thread
    return thread
  }

  #onDone(): void {
    this.#isAsked = false
    this.#times += 1
    if (this.#times < TIMES_A_ROUND || this.#closed) return
    this.#times = 0
    try {
      this.#store.database.exec('PRAGMA wal_checkpoint(PASSIVE)')
    } catch {
      // The log stays as it is until the next attempt.
    }
  }
}
