import type { DatabaseSync } from 'node:sqlite'

/** Rows between two checks of the clock. */
const ROWS_PER_LOOK = 64

/**
 * Limits how long a statement over rows may take. Statements call `glance(seq)` on each row before testing
 * anything else. Once time is up no further row is examined, and `stoppedAt` is the position of the first one
 * left out.
 */
export class Glance {
  #deadline = 0
  #rows = 0
  #stoppedAt: number | undefined

  constructor(database: DatabaseSync) {
    database.function('glance', { deterministic: false, directOnly: true }, (seq) => this.#see(Number(seq)))
  }

  /** Yields a statement's rows until `ms` milliseconds have passed. */
  *within<Row>(ms: number, rows: Iterable<Row>): Generator<Row> {
    this.#deadline = performance.now() + ms
    this.#rows = 0
    this.#stoppedAt = undefined
    try {
      yield* rows
    } catch (error) {
      if (this.#stoppedAt === undefined) throw error
    }
  }

  /** Undefined if the last statement ran to completion. */
  get stoppedAt(): number | undefined {
    return this.#stoppedAt
  }

  #see(seq: number): number {
    this.#rows += 1
    if (this.#rows % ROWS_PER_LOOK === 0 && performance.now() >= this.#deadline) {
      this.#stoppedAt = seq
      throw new Error('the time is up')
    }
    return 1
  }
}

/** SQL: a condition that is not evaluated once time is up. */
export function glanced(condition: string): string {
  return `CASE WHEN glance(seq) THEN ${condition} ELSE false END`
}
