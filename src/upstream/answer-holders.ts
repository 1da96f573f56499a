import { setTimeout as sleep } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import { fail } from '../base/failure.ts'
import type { Holder } from '../base/holder.ts'

/** Where it is written down; `AnswerBook` is one. */
interface Written {
  note(ids: readonly string[], holder: Holder, at: number): void
  find(id: string): Promise<Holder | undefined>
}

/** After these parts of its patience an id is looked for again: most notes are there at the first of them. */
const LOOKS = [0.1, 0.3, 0.6]

/** A conversation goes on within hours, if at all; each entry takes about 300 bytes. */
const MOST = 50_000

/** Remembers who holds what: the newest in memory, the rest as it is written down. */
export class AnswerHolders {
  readonly #known = new LRUCache<string, Holder>({ max: MOST })
  readonly #written: Written
  readonly #now: () => number
  readonly #patienceMs: number

  /**
   * `now`: milliseconds since the epoch. `patienceMs`: for how long another replica may still be writing down what its
   * client has in hand already; 0 where there is none.
   */
  constructor(written: Written, now: () => number, patienceMs: number) {
    this.#written = written
    this.#now = now
    this.#patienceMs = patienceMs
  }

  remember(ids: readonly string[], holder: Holder): void {
    for (const id of ids) this.#known.set(id, holder)
    this.#written.note(ids, holder, this.#now())
  }

  /** Throws `store_unavailable`. */
  async holderOf(id: string, isAwaited: boolean): Promise<Holder | undefined> {
    const known = this.#known.get(id)
    if (known !== undefined) return known
    let found = await this.#find(id)
    for (const part of isAwaited && this.#patienceMs > 0 ? LOOKS : []) {
      if (found !== undefined) break
      await sleep(part * this.#patienceMs)
      found = await this.#find(id)
    }
    if (found !== undefined) this.#known.set(id, found)
    return found
  }

  /** What nobody can say now might be anybody's. */
  #find(id: string): Promise<Holder | undefined> {
    return this.#written.find(id).catch((error: unknown) => {
      const detail = error instanceof Error ? error.message : String(error)
      return fail({ code: 'store_unavailable', detail }, error)
    })
  }
}
