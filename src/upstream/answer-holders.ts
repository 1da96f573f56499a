import { LRUCache } from 'lru-cache'
import type { Holder } from '../base/holder.ts'

/** Looks an answer up where requests are kept for good. */
export type FindHolder = (id: string) => Promise<Holder | undefined>

/** A conversation goes on within hours, if at all; each entry takes about 300 bytes. */
const MOST = 50_000

/** Remembers who holds what: the newest in memory, the rest as the ledger has it. */
export class AnswerHolders {
  readonly #known = new LRUCache<string, Holder>({ max: MOST })
  readonly #find: FindHolder

  constructor(find: FindHolder) {
    this.#find = find
  }

  remember(ids: readonly string[], holder: Holder): void {
    for (const id of ids) this.#known.set(id, holder)
  }

  async holderOf(id: string): Promise<Holder | undefined> {
    const known = this.#known.get(id)
    if (known !== undefined) return known
    const found = await this.#find(id).catch(() => undefined)
    if (found !== undefined) this.#known.set(id, found)
    return found
  }
}
