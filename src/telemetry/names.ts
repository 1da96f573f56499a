/** Stands for any name that is not in the configuration. */
export const OTHER = 'other'

/** Numbers the names of a bounded set; any other name has the number of `other`, 0. */
export class Names {
  readonly all: readonly string[]
  readonly #numbers = new Map<string, number>()

  constructor(names: Iterable<string>) {
    this.all = [...new Set([OTHER, ...names])]
    for (const [number, name] of this.all.entries()) this.#numbers.set(name, number)
  }

  get size(): number {
    return this.all.length
  }

  has(name: string): boolean {
    return this.#numbers.has(name)
  }

  numberOf(name: string): number {
    return this.#numbers.get(name) ?? 0
  }

  nameOf(number: number): string {
    return this.all[number] ?? OTHER
  }
}
