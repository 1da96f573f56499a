import { LRUCache } from 'lru-cache'

/** Wrong credentials allowed per address per minute. */
export const WRONG_TRIES = 10

const WINDOW_MS = 60_000
/** Addresses remembered, most recent attempts first. */
const ADDRESSES = 10_000

interface Tries {
  wrong: number
  readonly since: number
}

/** Counts wrong credentials by address, to prevent guessing. */
export class Attempts {
  readonly #tries = new LRUCache<string, Tries>({ max: ADDRESSES })
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  /** Milliseconds until this address may present a credential again; 0 if it may now. */
  waitOf(address: string): number {
    const tries = this.#current(address)
    return tries === undefined || tries.wrong < WRONG_TRIES ? 0 : tries.since + WINDOW_MS - this.#now()
  }

  countWrong(address: string): void {
    const tries = this.#current(address)
    if (tries === undefined) this.#tries.set(address, { wrong: 1, since: this.#now() })
    else tries.wrong++
  }

  #current(address: string): Tries | undefined {
    const tries = this.#tries.get(address)
    return tries !== undefined && this.#now() < tries.since + WINDOW_MS ? tries : undefined
  }
}
