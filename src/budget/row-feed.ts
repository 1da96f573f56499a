import type { Row } from './row.ts'

/** Rows of requests as they end, for whoever watches now. While nobody does, making them is left out. */
export class RowFeed {
  readonly #listeners = new Set<(row: Row) => void>()

  get isWatched(): boolean {
    return this.#listeners.size > 0
  }

  /** Listeners take a row in at once and never throw. */
  tell(row: Row): void {
    for (const listener of this.#listeners) listener(row)
  }

  /** Answers what ends the listening. */
  follow(listener: (row: Row) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
