import { Worker } from 'node:worker_threads'
import { threadFile } from '../../../base/thread-file.ts'
import { StoreError } from '../../store-error.ts'
import { BadCursor, Busy, type LedgerViews } from '../../views.ts'
import { ANSWERS, type Failed, type Question, type QuestionName, type Reply } from './question.ts'

/** Looks that may queue: more than the pages people have open. */
const MOST_WAITING = 100

/**
 * A look allocates little and frees it soon, but without limits a thread would keep a hundred MiB before
 * collecting garbage.
 */
const MEMORY = { maxYoungGenerationSizeMb: 12, maxOldGenerationSizeMb: 192 }

interface Waiting {
  readonly question: Question
  readonly answered: (answer: unknown) => void
  readonly failed: (error: Error) => void
}

/**
 * Views of a ledger's file, read by a separate thread on its own connection, so that looks do not block
 * requests. The thread starts with the first look and is replaced if it dies.
 */
export function createThreadedViews(file: string): LedgerViews {
  const thread = new Thread(file)
  const ask =
    <Name extends QuestionName>(name: Name) =>
    (...args: readonly unknown[]) =>
      thread.ask(name, args)
  const questions = Object.fromEntries(
    Object.keys(ANSWERS).map((name) => [name, ask(name as QuestionName)]),
  ) as unknown as Omit<LedgerViews, 'close'>
  return { ...questions, close: () => thread.close() }
}

/**
 * Sends one question at a time. The others queue here, where they can be limited in number and failed
 * together if the thread dies.
 */
class Thread {
  readonly #file: string
  readonly #waiting: Waiting[] = []
  #worker: Worker | undefined
  #asked: Waiting | undefined
  #number = 0
  #closed = false

  constructor(file: string) {
    this.#file = file
  }

  ask(name: QuestionName, args: readonly unknown[]): Promise<unknown> {
    if (this.#closed) return Promise.reject(new StoreError(this.#file, 'the ledger is closed'))
    if (this.#waiting.length >= MOST_WAITING) return Promise.reject(new Busy('too many queries are waiting'))
    return new Promise((answered, failed) => {
      this.#waiting.push({ question: { number: ++this.#number, name, args }, answered, failed })
      this.#next()
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#worker?.terminate()
    this.#failAll('the ledger is closed')
  }

  #next(): void {
    if (this.#asked !== undefined) return
    this.#asked = this.#waiting.shift()
    if (this.#asked !== undefined) this.#running().postMessage(this.#asked.question)
  }

  #running(): Worker {
    if (this.#worker !== undefined) return this.#worker
    const worker = new Worker(threadFile('views-thread', import.meta.url), {
      workerData: { file: this.#file },
      resourceLimits: MEMORY,
    })
    worker.unref()
    worker.on('message', (reply: Reply) => this.#onReply(reply))
    worker.on('error', (error: Error) => this.#onEnd(worker, error.message))
    worker.on('exit', () => this.#onEnd(worker, 'the thread that reads it has ended'))
    this.#worker = worker
    return worker
  }

  #onReply(reply: Reply): void {
    const asked = this.#asked
    if (asked === undefined || asked.question.number !== reply.number) return
    this.#asked = undefined
    if ('failed' in reply) asked.failed(this.#errorOf(reply.failed))
    else asked.answered(reply.answer)
    this.#next()
  }

  #errorOf(failed: Failed): Error {
    return failed === 'bad_cursor' ? new BadCursor() : new StoreError(this.#file, failed.problem)
  }

  /** The next question gets a new thread. */
  #onEnd(worker: Worker, why: string): void {
    if (this.#worker !== worker) return
    this.#worker = undefined
    this.#failAll(why)
  }

  #failAll(why: string): void {
    const asked = [...(this.#asked === undefined ? [] : [this.#asked]), ...this.#waiting.splice(0)]
    this.#asked = undefined
    for (const { failed } of asked) failed(new StoreError(this.#file, why))
  }
}
