import { Worker } from 'node:worker_threads'
import { BadCursor, Busy, type LedgerViews } from '../../views.ts'
import { StoreError } from '../store-error.ts'
import { ANSWERS, type Question, type QuestionName, type Reply } from './question.ts'

/** Looks that may wait for their turn: more pages than people have open. */
const MOST_WAITING = 100

/** What a look makes is small and soon forgotten: a thread that may, keeps a hundred MiB of it before it tidies up. */
const MEMORY = { maxYoungGenerationSizeMb: 12, maxOldGenerationSizeMb: 192 }

interface Waiting {
  readonly question: Question
  readonly answered: (answer: unknown) => void
  readonly failed: (error: Error) => void
}

/**
 * Views of a ledger's file, read by a thread of its own with a connection of its own: requests go on whatever is
 * looked at. The thread starts with the first look, and a new one where it has died.
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

/** One question at a time: what nobody waits for any more has not been asked. */
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
    if (this.#waiting.length >= MOST_WAITING) return Promise.reject(new Busy('too many looks are waiting'))
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
    const name = import.meta.url.endsWith('.ts') ? './views-thread.ts' : './views-thread.js'
    const worker = new Worker(new URL(name, import.meta.url), {
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

  #errorOf({ name, message }: { readonly name: string; readonly message: string }): Error {
    if (name === 'BadCursor') return new BadCursor()
    return new StoreError(this.#file, message.replace(`${this.#file}: `, ''))
  }

  /** Whoever comes next gets a new thread. */
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
