import type { Clock } from '../../base/clock.ts'
import type { Budget } from '../../budget/budget.ts'
import type { RedisConnection } from '../../redis/connection.ts'
import { textsIn } from '../../redis/reply.ts'
import type { Balances } from './balances.ts'
import { NO_EPOCH } from './epoch.ts'
import type { Mirror } from './mirror.ts'
import { accountKey, teamKeys } from './team-keys.ts'
import { PEEK } from './team-scripts.ts'

interface BalanceRefreshParts {
  readonly redis: Pick<RedisConnection, 'run'>
  readonly clock: Clock
  readonly balances: Pick<Balances, 'ensure'>
  readonly mirror: Mirror
  /** Budgets whose standing is kept current even when this replica does not spend from them. */
  budgets(): readonly Budget[]
}

/** Keeps the mirror close to what Redis knows of every budget, so that other replicas' spend shows. */
export class BalanceRefresh {
  readonly #parts: BalanceRefreshParts

  constructor(parts: BalanceRefreshParts) {
    this.#parts = parts
  }

  /**
   * Reads every budget once, and loads the balances of teams that are missing in Redis. Settles only when
   * every team has been tried. Rejects if a store did not answer for one; the others are up to date even
   * then.
   */
  async run(): Promise<void> {
    const at = this.#parts.clock.now()
    const teams = Map.groupBy(this.#parts.budgets(), ({ team }) => team)
    const tried = [...teams].map(([team, budgets]) => this.#refreshTeam(team, budgets, at))
    for (const each of await Promise.allSettled(tried)) if (each.status === 'rejected') throw each.reason
  }

  async #refreshTeam(team: string, budgets: readonly Budget[], at: number): Promise<void> {
    const { redis, balances, mirror } = this.#parts
    const accounts = budgets.map(({ key, per }) => accountKey(team, key, per, at))
    const keys = [teamKeys(team).state, ...accounts.map(({ name }) => name)]
    const peek = async () => textsIn(await redis.run(PEEK, keys, []))
    let standing = await peek()
    if (standing[0] === NO_EPOCH) {
      await balances.ensure(team, at)
      standing = await peek()
    }
    mirror.see(accounts, standing.slice(1).map(Number))
  }
}
