/** A response that was made, and the turns it ends. */
export interface Stored {
  readonly response: object
  readonly input: readonly object[]
  readonly turns: readonly object[]
}

/** What the simulator keeps of responses: the state that later requests lean on. */
export class ResponseStore {
  readonly #kept = new Map<string, Stored>()
  readonly #thinkers = new Map<string, string>()
  readonly #items = new Set<string>()

  keep(id: string, stored: Stored): void {
    this.#kept.set(id, stored)
  }

  /** Notes an item of an answer, which requests may then refer to by its id. */
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

  /** All turns up to and with that response's answer. */
  turnsOf(id: string): readonly object[] | undefined {
    return this.#kept.get(id)?.turns
  }

  /** Thoughts are sealed for the model that had them. */
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
