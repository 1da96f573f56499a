import { Worker } from 'node:worker_threads'
import type { Store } from './open.ts'

/** So many changes make 8 to 16 MB of log, for most change two or three pages of 4 KB. */
const CHANGES_APART = 2_000

/**
 * After so many times the log begins anew. For that, what came during the last of them has to be brought over between two
 * commits, and the disk has to confirm three times here: two to five milliseconds each.
 */
const TIMES_A_ROUND = 4

/** Pages of log at which SQLite brings it into the file itself, in the midst of a commit: should the thread not get to it. */
const MOST_PAGES = 32_000

/** It has hardly anything to remember. */
const MEMORY = { maxYoungGenerationSizeMb: 1, maxOldGenerationSizeMb: 16 }

/**
 * Brings a store's write-ahead log into its file beside the requests. That writes much and has the disk confirm it twice,
 * which takes from four to fifty milliseconds: in the thread that serves, every request of that time would wait. The thread
 * starts when there is work.
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

  /** So many changes were committed. */
  wrote(changes: number): void {
    this.#changes += changes
    if (this.#changes < CHANGES_APART || this.#isAsked || this.#closed) return
    this.#changes = 0
    // Under its name another file may stand by now, which is none of ours.
    if (!this.#store.isInPlace()) return
    this.#isAsked = true
    this.#running().postMessage('bring over')
  }

  /** To be awaited before the store is closed: whoever closes it last tidies up. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#thread?.terminate()
  }

  #running(): Worker {
    if (this.#thread !== undefined) return this.#thread
    const name = import.meta.url.endsWith('.ts') ? './checkpoint-thread.ts' : './checkpoint-thread.js'
    const thread = new Worker(new URL(name, import.meta.url), {
      workerData: { file: this.#store.file },
      resourceLimits: MEMORY,
    })
    thread.unref()
    thread.on('message', () => this.#onDone())
    // A disk that is full, for one. Until the next thread is through, SQLite looks after its log itself.
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
      // The log stays as it is until the next time.
    }
  }
}
