import { LRUCache } from 'lru-cache'
import type { Holder } from '../base/holder.ts'

/** Where it is written down; `AnswerBook` is one. */
interface Written {
  note(ids: readonly string[], holder: Holder, at: number): void
  find(id: string): Promise<Holder | undefined>
}

/** A conversation goes on within hours, if at all; each entry takes about 300 bytes. */
const MOST = 50_000

/** Remembers who holds what: the newest in memory, the rest as it is written down. */
export class AnswerHolders {
  readonly #known = new LRUCache<string, Holder>({ max: MOST })
  readonly #written: Written
  readonly #now: () => number

  /** `now`: milliseconds since the epoch. */
  constructor(written: Written, now: () => number) {
    this.#written = written
    this.#now = now
  }

  remember(ids: readonly string[], holder: Holder): void {
    for (const id of ids) this.#known.set(id, holder)
    this.#written.note(ids, holder, this.#now())
  }

  async holderOf(id: string): Promise<Holder | undefined> {
    const known = this.#known.get(id)
    if (known !== undefined) return known
    const found = await this.#written.find(id).catch(() => undefined)
    if (found !== undefined) this.#known.set(id, found)
    return found
  }
}
