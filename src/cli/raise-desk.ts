import { fromUsd } from '../base/money.ts'
import type { Decision } from '../budget/raise.ts'
import { type ShownEntry, type ShownRaise, shownEntry, shownRaise } from '../budget/raise-words.ts'
import { Raises } from '../budget/raises.ts'
import { openStore } from '../budget/sqlite/open.ts'
import { createSqliteRaiseLog } from '../budget/sqlite/raise-log.ts'
import { suggest } from '../config/nearest.ts'
import { UsageError } from './command.ts'

/** Who decides about a raise, and why. */
export interface Why {
  readonly who: string
  readonly reason: string
}

export interface RaiseWish extends Why {
  readonly budget: string
  readonly usd: number
  /** Milliseconds since the epoch. */
  readonly until: number
}

/** Where raises are decided: the running process, or the store while none runs. */
export interface RaiseDesk {
  /** What a decision means for whoever made it: `in force now`. */
  readonly effect: string
  list(): Promise<readonly ShownRaise[]>
  grant(wish: RaiseWish): Promise<ShownRaise>
  /** Undefined where no raise of this id is in force. */
  revoke(id: string, why: Why): Promise<ShownRaise | undefined>
  log(): Promise<readonly ShownEntry[]>
  close(): void
}

/**
 * Takes the store for as long as the desk is open: no server can use it meanwhile. `budgets` are the ids that the
 * configuration has. Throws a `StoreError` where a server uses the store, or it cannot be written.
 */
export async function openStoreDesk(file: string, budgets: readonly string[]): Promise<RaiseDesk> {
  const store = openStore(file)
  try {
    const raises = await Raises.open(createSqliteRaiseLog(store), Date.now())
    const decided = (why: Why): Decision => ({ at: Date.now(), via: 'store', ...why })
    return {
      effect: 'written to the store; no process runs, and the next one finds it',
      list: async () => raises.inForce(Date.now()).map(shownRaise),
      async grant({ budget, usd, until, who, reason }) {
        if (!budgets.includes(budget))
          throw new UsageError(`unknown budget "${budget}"${suggest(budget, budgets)}`)
        const order = { budget, amount: fromUsd(usd), until }
        return shownRaise(await raises.grant(order, decided({ who, reason })))
      },
      async revoke(id, why) {
        const raise = await raises.revoke(id, decided(why))
        return raise && shownRaise(raise)
      },
      log: async () => (await raises.entries()).map(shownEntry),
      close: () => store.close(),
    }
  } catch (error) {
    store.close()
    throw error
  }
}
