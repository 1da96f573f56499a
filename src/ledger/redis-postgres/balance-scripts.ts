import type { RequestId } from '../../base/ids.ts'
import { MOST, type NanoUsd } from '../../base/money.ts'
import type { Origin } from '../../budget/book.ts'
import type { Ask, Budget } from '../../budget/budget.ts'
import { MOST_WITHOUT_BUDGET } from '../../budget/room.ts'
import type { RedisConnection } from '../../redis/connection.ts'
import { unexpected, wordsIn } from '../../redis/reply.ts'
import type { Line } from './columns.ts'
import { NO_EPOCH } from './epoch.ts'
import { HOLD } from './hold-script.ts'
import { SETTLE } from './settle-script.ts'
import { accountIndexOf, accountsOf, teamKeys } from './team-keys.ts'

/** Identifies a hold and whose money it is. */
export interface Claim extends Origin {
  readonly id: RequestId
  /** Its open row, which is what another replica writes when it settles the hold of a dead one. */
  readonly open: Line
}

/**
 * The money was taken, or a budget had no room for it (`amount` is then its index among those asked).
 * `standings` of all accounts after the call.
 */
export interface Taken {
  readonly word: 'ok' | 'held' | 'exhausted'
  readonly amount: number
  readonly epoch: string
  readonly standings: readonly number[]
}

/**
 * `cold`: the team's balances are not in Redis. `recovering`: they are, but not yet all holds. `gone`: no
 * such hold.
 */
export type Untaken = { readonly word: 'cold' | 'recovering' | 'gone' }

/** How an end went, and the standings after it: spent and held of each account. */
export interface Ended {
  readonly word: 'ok' | 'ended' | 'alive' | 'lost' | 'cold'
  readonly standings: readonly number[]
}

/** What the script does in each mode is said at `SETTLE`. */
export type Ending = {
  readonly cost: NanoUsd
  /** The known part of the row; cost and held are added. Empty for `release`. */
  readonly line: Line
} & (
  | {
      readonly mode: 'settle'
      /** The epoch the hold was taken in; `NO_EPOCH` if it certainly has not ended yet. */
      readonly epoch: string
    }
  | { readonly mode: 'expire' | 'release' | 'record' }
)

/** Operations on money in Redis: each call is one script, one round trip and one atomic step. */
export class BalanceScripts {
  readonly #redis: RedisConnection
  readonly #leaseMs: number

  constructor(redis: RedisConnection, leaseMs: number) {
    this.#redis = redis
    this.#leaseMs = leaseMs
  }

  async take(
    mode: 'hold' | 'extend' | 'adopt',
    claim: Claim,
    budgets: readonly Budget[],
    { atMost, atLeast }: Ask,
  ): Promise<Taken | Untaken> {
    const { state, leases, hold } = teamKeys(claim.team)
    const accounts = accountsOf(claim)
    const reply = await this.#redis.run(
      HOLD,
      [state, leases, hold(claim.id), ...accounts.map(({ name }) => name)],
      [
        ...[mode, claim.id, this.#leaseMs, atMost, atLeast, MOST_WITHOUT_BUDGET],
        mode === 'extend' ? '' : JSON.stringify(claim.open),
        accounts.length,
        ...accounts.map(({ ends }) => ends),
        ...budgets.flatMap((budget) => [accountIndexOf(budget), budget.limit]),
      ],
    )
    const [word, amount, epoch, ...standings] = wordsIn(reply)
    if (word === 'cold' || word === 'recovering' || word === 'gone') return { word }
    if (word !== 'ok' && word !== 'held' && word !== 'exhausted') throw unexpected(reply)
    return { word, amount: Number(amount), epoch: epoch ?? NO_EPOCH, standings: standings.map(Number) }
  }

  async end(claim: Pick<Claim, 'id' | 'team' | 'key' | 'at'>, ending: Ending): Promise<Ended> {
    const { state, leases, hold, late, rows } = teamKeys(claim.team)
    const accounts = accountsOf(claim)
    const reply = await this.#redis.run(
      SETTLE,
      [state, leases, hold(claim.id), late(claim.id), rows, ...accounts.map(({ name }) => name)],
      [
        ...[
          ending.mode,
          claim.id,
          ending.mode === 'settle' ? ending.epoch : NO_EPOCH,
          ending.cost,
          JSON.stringify(ending.line),
          MOST,
          accounts.length,
        ],
        ...accounts.map(({ ends }) => ends),
      ],
    )
    const [word, ...standings] = wordsIn(reply)
    if (word !== 'ok' && word !== 'ended' && word !== 'alive' && word !== 'lost' && word !== 'cold')
      throw unexpected(reply)
    return { word, standings: standings.map(Number) }
  }
}
