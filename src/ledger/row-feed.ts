import type { Row } from './row.ts'

/** Rows of requests as they end, for live listeners. Without listeners, no rows are built. */
export class RowFeed {
  readonly #listeners = new Set<(row: Row) => void>()

  get isWatched(): boolean {
    return this.#listeners.size > 0
  }

  /** Listeners must be synchronous and must not throw. */
  tell(row: Row): void {
    for (const listener of this.#listeners) listener(row)
  }

  /** Returns the function that ends the subscription. */
  follow(listener: (row: Row) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
