import type { DatabaseSync } from 'node:sqlite'

/** Rows between two looks at the clock. */
const ROWS_PER_LOOK = 64

/**
 * Bounds how long a statement over rows may take. Statements say `glance(seq)` of each row before anything else of it
 * is asked; once the time is up no further row is looked at, and `stoppedAt` is the place of the first one that was not.
 */
export class Glance {
  #deadline = 0
  #rows = 0
  #stoppedAt: number | undefined

  constructor(database: DatabaseSync) {
    database.function('glance', { deterministic: false, directOnly: true }, (seq) => this.#see(Number(seq)))
  }

  /** What a statement yields until the time is up, within so many milliseconds. */
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

  /** Undefined where the last statement came to its end. */
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

/** SQL: a condition on a row that is not asked of rows beyond the time. */
export function glanced(condition: string): string {
  return `CASE WHEN glance(seq) THEN ${condition} ELSE false END`
}
