import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Origin } from '../../budget/book.ts'
import { StoreError } from '../store-error.ts'
import type { Checkpoints } from './checkpoints.ts'
import type { Store } from './open.ts'
import { isBusy, storeErrorOf, storeFailure } from './sqlite-error.ts'

/** A cost booked in memory but not yet in the file. */
type Booked = Origin & { readonly cost: number }

/** One change of the file, queued for the next batch. */
interface Write {
  /** Runs the statement, inside the batch's transaction. */
  readonly run: () => void
  readonly booked: Booked | undefined
  readonly written: () => void
  readonly failed: (error: StoreError) => void
}

const RETRY_MS = 250

/**
 * How long a batch waits for its turn, and how often it asks: labels are written by other programs, one short
 * transaction after the other. Whoever keeps the file longer is a problem.
 */
const TURN_MS = 1_000
const ASK_AGAIN_MS = 5

/**
 * How long an unawaited change may wait to be batched, in milliseconds: a commit costs as much as several
 * rows. If the process dies meanwhile, the row stays at its bound.
 */
const COMPANY_MS = 5

/**
 * Writes changes in order, in transactions. A change that a caller awaits goes out at the end of the
 * event-loop turn, together with everything queued by then. A batch is committed whole or not at all; after a
 * failure, changes that must not be lost stay queued.
 */
export class WriteQueue {
  #waiting: Write[] = []
  #soon: NodeJS.Immediate | undefined
  #later: NodeJS.Timeout | undefined
  #retry: NodeJS.Timeout | undefined
  #problem: StoreError | undefined
  /** Since when another program has been writing at every attempt. */
  #busySince: number | undefined
  #closed = false
  readonly #database: DatabaseSync
  readonly #file: string
  readonly #checkpoints: Pick<Checkpoints, 'wrote'>
  readonly #begin: StatementSync
  readonly #commit: StatementSync

  constructor({ database, file }: Pick<Store, 'database' | 'file'>, checkpoints: Pick<Checkpoints, 'wrote'>) {
    this.#database = database
    this.#file = file
    this.#checkpoints = checkpoints
    this.#begin = database.prepare('BEGIN IMMEDIATE')
    this.#commit = database.prepare('COMMIT')
  }

  /**
   * For a change that a caller awaits: goes out at the end of this turn. Resolves once committed, when it
   * survives the death of this process. Rejects with a `StoreError` if it was not made and will not be.
   */
  writeSoon(run: () => void): Promise<void> {
    const written = this.#add(run, undefined)
    if (!this.#closed) this.#soon ??= setImmediate(() => this.flush())
    return written
  }

  /**
   * For a change that no caller awaits: goes out with the next awaited one, or after a few milliseconds. Ends
   * as in `writeSoon`, except that a change with a booked cost is retried until it succeeds or the queue is
   * closed.
   */
  writeLater(run: () => void, booked?: Booked): Promise<void> {
    const written = this.#add(run, booked)
    if (!this.#closed && this.#soon === undefined) this.#later ??= setTimeout(() => this.flush(), COMPANY_MS)
    return written
  }

  #add(run: () => void, booked: Booked | undefined): Promise<void> {
    if (this.#closed) return Promise.reject(new StoreError(this.#file, 'the ledger is closed'))
    return new Promise((written, failed) => {
      this.#waiting.push({ run, booked, written, failed })
    })
  }

  /** Costs booked but not yet in the file. */
  *booked(): Generator<Booked> {
    for (const { booked } of this.#waiting) if (booked !== undefined) yield booked
  }

  /** Why the last batch failed; undefined if it succeeded. */
  get problem(): StoreError | undefined {
    return this.#problem
  }

  /** Writes the batch now. Never throws: each write gets its own outcome, and `problem` has the error. */
  flush(): void {
    this.#unschedule()
    const batch = this.#waiting
    if (batch.length === 0 && this.#problem === undefined) return
    const refused = new Map<Write, StoreError>()
    try {
      this.#transact(batch, refused)
    } catch (error) {
      if (isBusy(error) && this.#maySoonHaveItsTurn())
        this.#later = setTimeout(() => this.flush(), ASK_AGAIN_MS)
      else this.#postpone(batch, storeErrorOf(this.#file, error))
      return
    }
    this.#waiting = []
    this.#problem = undefined
    this.#busySince = undefined
    for (const write of batch) {
      const error = refused.get(write)
      if (error === undefined) write.written()
      else write.failed(error)
    }
    this.#checkpoints.wrote(batch.length)
  }

  /**
   * Makes a last attempt to write. Returns why the rest could not be written; those rows stay open in the
   * file.
   */
  close(): StoreError | undefined {
    this.#closed = true
    this.flush()
    this.#unschedule()
    const lost = this.#waiting.splice(0)
    if (lost.length === 0 || this.#problem === undefined) return undefined
    for (const write of lost) write.failed(this.#problem)
    return this.#problem
  }

  #transact(batch: readonly Write[], refused: Map<Write, StoreError>): void {
    try {
      this.#begin.run()
      if (batch.length === 0) this.#probe()
      for (const write of batch) {
        try {
          write.run()
        } catch (error) {
          // A statement that fails on its own account undoes only itself and must not fail the rest of the
          // batch.
          if (storeFailure(error) !== undefined || !this.#database.isTransaction) throw error
          refused.set(write, storeErrorOf(this.#file, error))
        }
      }
      this.#commit.run()
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      throw error
    }
  }

  #maySoonHaveItsTurn(): boolean {
    this.#busySince ??= performance.now()
    return !this.#closed && this.#problem === undefined && performance.now() - this.#busySince < TURN_MS
  }

  /**
   * Rewrites the file's first page unchanged. While the store is unhealthy there may be no requests, and
   * without them nothing else would notice that it has recovered.
   */
  #probe(): void {
    const version = Number(this.#database.prepare('PRAGMA user_version').get()?.user_version)
    this.#database.exec(`PRAGMA user_version = ${version}`)
  }

  #postpone(batch: readonly Write[], error: StoreError): void {
    this.#problem = error
    this.#waiting = batch.filter(({ booked }) => booked !== undefined)
    this.#retry = setTimeout(() => this.flush(), RETRY_MS)
    this.#retry.unref()
    for (const { booked, failed } of batch) if (booked === undefined) failed(error)
  }

  #unschedule(): void {
    clearImmediate(this.#soon)
    clearTimeout(this.#later)
    clearTimeout(this.#retry)
    this.#soon = undefined
    this.#later = undefined
    this.#retry = undefined
  }
}
