import { setTimeout as sleep } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import { fail } from '../base/failure.ts'
import type { Holder } from '../base/holder.ts'

/** Persistent storage; `AnswerBook` implements it. */
interface Written {
  note(ids: readonly string[], holder: Holder, at: number): void
  find(id: string): Promise<Holder | undefined>
}

/** Delays before looking for an id again, as fractions of the patience. The first mostly suffices. */
const LOOKS = [0.1, 0.3, 0.6]

/** A conversation continues within hours, if at all; each entry takes about 300 bytes. */
const MOST = 50_000

/** Remembers who holds which state: the newest in memory, the rest in the store. */
export class AnswerHolders {
  readonly #known = new LRUCache<string, Holder>({ max: MOST })
  readonly #written: Written
  readonly #now: () => number
  readonly #patienceMs: number

  /**
   * `now`: milliseconds since the epoch. `patienceMs`: how long another replica may take to record an answer
   * whose client already has it; 0 if there is no other replica.
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
    if (found !== undefined && !isOngoing(found)) this.#known.set(id, found)
    return found
  }

  /** If the owner cannot be determined now, it might be any team. */
  #find(id: string): Promise<Holder | undefined> {
    return this.#written.find(id).catch((error: unknown) => {
      const detail = error instanceof Error ? error.message : String(error)
      return fail({ code: 'store_unavailable', detail }, error)
    })
  }
}

/** An answer may still be streaming: how many tokens it will count as in the next turn is noted at its end. */
function isOngoing({ model, tokens }: Holder): boolean {
  return model !== '' && tokens === undefined
}
