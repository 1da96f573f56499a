import { fromUsd } from '../../base/money.ts'
import type { Decision, RaiseLog } from '../../budget/raise.ts'
import { type ShownEntry, type ShownRaise, shownEntry, shownRaise } from '../../budget/raise-words.ts'
import { Raises } from '../../budget/raises.ts'
import { suggest } from '../../config/file/nearest.ts'
import { openDatabase } from '../../ledger/redis-postgres/database.ts'
import { storeErrorOf } from '../../ledger/redis-postgres/postgres-error.ts'
import { createPostgresRaiseLog } from '../../ledger/redis-postgres/raise-log.ts'
import { migrate } from '../../ledger/redis-postgres/schema.ts'
import { openStore } from '../../ledger/sqlite/open.ts'
import { createSqliteRaiseLog } from '../../ledger/sqlite/raise-log.ts'
import { UsageError } from '../command.ts'

/** Who decides about a raise, and the reason. */
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

/** Where raises are decided: a running process, or its store. */
export interface RaiseBackend {
  /** What a decision means to the person making it: `in force now`. */
  readonly effect: string
  list(): Promise<readonly ShownRaise[]>
  grant(wish: RaiseWish): Promise<ShownRaise>
  /** Undefined if no raise with this id is in force. */
  revoke(id: string, why: Why): Promise<ShownRaise | undefined>
  log(): Promise<readonly ShownEntry[]>
  close(): Promise<void>
}

/**
 * Locks the store while the backend is open, so that no server can use it. `budgets` are the ids in the
 * configuration. Throws a `StoreError` if a server uses the store or it cannot be written.
 */
export async function openFileRaises(file: string, budgets: readonly string[]): Promise<RaiseBackend> {
  const store = openStore(file)
  try {
    return await backendOf(createSqliteRaiseLog(store), budgets, {
      effect: 'written to the store; no process is running, and the next one will pick it up',
      close: async () => store.close(),
    })
  } catch (error) {
    store.close()
    throw error
  }
}

/** The shared store may be written while replicas use it. Throws a `StoreError` if it does not answer. */
export async function openPostgresRaises(url: string, budgets: readonly string[]): Promise<RaiseBackend> {
  const pool = openDatabase(url)
  try {
    await migrate(pool)
    return await backendOf(createPostgresRaiseLog(pool, url), budgets, {
      effect: 'written to the store; running replicas pick it up within seconds',
      close: () => pool.end(),
    })
  } catch (error) {
    await pool.end()
    throw storeErrorOf(url, error)
  }
}

async function backendOf(
  raiseLog: RaiseLog,
  budgets: readonly string[],
  rest: Pick<RaiseBackend, 'effect' | 'close'>,
): Promise<RaiseBackend> {
  const raises = await Raises.open(raiseLog, Date.now())
  const decided = (why: Why): Decision => ({ at: Date.now(), via: 'store', ...why })
  return {
    ...rest,
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
  }
}
