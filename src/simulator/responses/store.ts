/** A finished response and the turns that lead up to and include it. */
export interface Stored {
  readonly response: object
  readonly input: readonly object[]
  readonly turns: readonly object[]
}

/** The simulator's stored responses: the state that later requests depend on. */
export class ResponseStore {
  readonly #kept = new Map<string, Stored>()
  readonly #thinkers = new Map<string, string>()
  readonly #items = new Set<string>()

  keep(id: string, stored: Stored): void {
    this.#kept.set(id, stored)
  }

  /** Records an item of an answer, to which requests may then refer by id. */
  keepItem(id: string): void {
    this.#items.add(id)
  }

  hasItem(id: string): boolean {
    return this.#items.has(id)
  }

  find(id: string): Stored | undefined {
    return this.#kept.get(id)
  }

  forget(id: string): boolean {
    return this.#kept.delete(id)
  }

  /** All turns up to and including that response's answer. */
  turnsOf(id: string): readonly object[] | undefined {
    return this.#kept.get(id)?.turns
  }

  /** Encrypted reasoning is bound to the model that produced it. */
  seal(thoughts: string, model: string): void {
    this.#thinkers.set(thoughts, model)
  }

  thinkerOf(thoughts: string): string | undefined {
    return this.#thinkers.get(thoughts)
  }

  clear(): void {
    this.#kept.clear()
    this.#thinkers.clear()
    this.#items.clear()
  }
}
