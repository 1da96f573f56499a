import type { Row } from '../row.ts'
import { wholeLine } from './columns.ts'
import type { Retry } from './retry.ts'

/** Minutes of ordinary load. Rows beyond this are lost: memory must not grow with an outage. */
const MOST_ROWS = 20_000
/** Rows may hold prompts. Characters of JSON. */
const MOST_CHARACTERS = 16 * 2 ** 20

/**
 * Rows without cost, such as those of requests that were refused because the store is away: they wait in memory
 * and are written as soon as it is back.
 */
export class WaitingRows {
  readonly #retry: Retry
  readonly #write: (row: Row) => Promise<void>
  readonly #sizes = new Map<Row, number>()
  #characters = 0
  #isWriting = false

  /** `write` must be idempotent. */
  constructor(retry: Retry, write: (row: Row) => Promise<void>) {
    this.#retry = retry
    this.#write = write
  }

  get count(): number {
    return this.#sizes.size
  }

  /** False if there is no room for it. */
  add(row: Row): boolean {
    const size = JSON.stringify(wholeLine(row)).length
    if (this.count >= MOST_ROWS || this.#characters + size > MOST_CHARACTERS) return false
    this.#sizes.set(row, size)
    this.#characters += size
    if (!this.#isWriting) this.#writeAll()
    return true
  }

  /** The last chance of rows that still wait, before the store is left. Gives up at the first failure. */
  async finish(): Promise<void> {
    try {
      while (this.count > 0) await this.#writeOne()
    } catch {
      // Whoever asks for `count` learns how many are lost.
    }
  }

  /** One at a time, so that a store that comes back is not flooded. Ends with the ledger. */
  async #writeAll(): Promise<void> {
    this.#isWriting = true
    try {
      while (this.count > 0) await this.#retry.untilDone(() => this.#writeOne())
    } catch {
      // The ledger is being closed, and calls `finish`.
    } finally {
      this.#isWriting = false
    }
  }

  /** The oldest row. If it must wait longer, perhaps because of its team alone, the next is tried before it. */
  async #writeOne(): Promise<void> {
    const [first] = this.#sizes
    if (first === undefined) return
    const [row, size] = first
    try {
      await this.#write(row)
      if (this.#sizes.delete(row)) this.#characters -= size
    } catch (error) {
      if (this.#sizes.delete(row)) this.#sizes.set(row, size)
      throw error
    }
  }
}
