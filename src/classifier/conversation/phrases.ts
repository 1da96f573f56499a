/** Words in the longest phrase. */
const LONGEST = 4

/** Phrases of one to four words, matched at either end of a clause. */
export class Phrases {
  readonly #all: ReadonlySet<string>
  /** Fast path: most clauses begin and end with words that no phrase has there. */
  readonly #firsts: ReadonlySet<string>
  readonly #lasts: ReadonlySet<string>

  constructor(phrases: readonly string[]) {
    const split = phrases.map((phrase) => phrase.split(' '))
    this.#all = new Set(phrases)
    this.#firsts = new Set(split.map((words) => words[0] ?? ''))
    this.#lasts = new Set(split.map((words) => words.at(-1) ?? ''))
  }

  has(phrase: string): boolean {
    return this.#all.has(phrase)
  }

  /** Number of words in the longest phrase they begin with; 0 for none. */
  beginning(words: readonly string[]): number {
    if (!this.#firsts.has(words[0] ?? '')) return 0
    return this.#longest(words.length, (count) => words.slice(0, count))
  }

  /** The same for the phrase they end with. */
  ending(words: readonly string[]): number {
    if (!this.#lasts.has(words.at(-1) ?? '')) return 0
    return this.#longest(words.length, (count) => words.slice(-count))
  }

  #longest(most: number, some: (count: number) => readonly string[]): number {
    for (let count = Math.min(LONGEST, most); count > 0; count -= 1)
      if (this.#all.has(some(count).join(' '))) return count
    return 0
  }
}
