import type { RequestId } from '../../base/ids.ts'
import { ZERO } from '../../base/money.ts'
import type { RedisConnection } from '../../redis/connection.ts'
import { UNSETTLED } from './columns.ts'
import type { Counter } from './counter.ts'
import type { SharedHold } from './hold.ts'
import { openRowIn } from './standing-holds.ts'
import { teamKeys } from './team-keys.ts'
import { forEachTeam, type TeamRoll } from './team-roll.ts'
import { OVERDUE, RENEW } from './team-scripts.ts'
import { type Treasury, textsIn } from './treasury.ts'

/** Overdue holds that are settled in one go, of one team. */
const MOST_AT_ONCE = 200

export interface LeaseParts {
  readonly redis: RedisConnection
  readonly treasury: Treasury
  readonly counter: Counter
  readonly roll: TeamRoll
  /** This replica's own open holds. */
  readonly open: ReadonlySet<SharedHold>
  onRow(team: string): void
}

/** Keeps this replica's holds from being overdue, and settles those of replicas that died. */
export class Leases {
  readonly #parts: LeaseParts
  readonly #leaseMs: number

  constructor(parts: LeaseParts, leaseMs: number) {
    this.#parts = parts
    this.#leaseMs = leaseMs
  }

  /** Prolongs every lease; holds that Redis has lost with all its data are brought back. */
  async renew(): Promise<void> {
    const teams = Map.groupBy(this.#parts.open, ({ claim }) => claim.team)
    await Promise.all([...teams].map(([team, holds]) => this.#renewTeam(team, holds)))
  }

  /**
   * Settles holds whose lease is over at what they held. Whoever comes first does it, in one atomic step. Answers how
   * many it settled.
   */
  async expire(): Promise<number> {
    let settled = 0
    await forEachTeam(await this.#parts.roll.all(), async (team) => {
      settled += await this.#expireTeam(team)
    })
    return settled
  }

  async #renewTeam(team: string, holds: readonly SharedHold[]): Promise<void> {
    const { redis, counter, open } = this.#parts
    const { state, leases, late } = teamKeys(team)
    const ids = holds.map(({ id }) => id)
    const keys = [state, leases, ...ids.map((id) => late(id))]
    const [epoch = '', ...missed] = textsIn(await redis.run(RENEW, keys, [this.#leaseMs, ...ids]))
    const lost = new Set(missed)
    // Balances that were brought in anew count what stands.
    for (const hold of holds) if (epoch !== '' && !lost.has(hold.id)) hold.epoch = epoch
    const missing = holds.filter((hold) => lost.has(hold.id) && open.has(hold))
    await Promise.all(missing.map((hold) => counter.adopt(hold, () => open.has(hold))))
  }

  async #expireTeam(team: string): Promise<number> {
    const { redis, onRow } = this.#parts
    const overdue = textsIn(await redis.run(OVERDUE, [teamKeys(team).leases], [MOST_AT_ONCE]))
    const ended = await Promise.all(overdue.map((id) => this.#expireHold(team, id as RequestId)))
    const settled = ended.filter(Boolean).length
    if (settled > 0) onRow(team)
    return settled
  }

  async #expireHold(team: string, id: RequestId): Promise<boolean> {
    const { redis, treasury } = this.#parts
    const row = await redis.command('HGET', [teamKeys(team).hold(id), 'row'])
    // A lease without its hold points at nothing; ending it removes it.
    const open = openRowIn(row)
    const origin = open ?? { team, key: '', at: 0 }
    const line = { ...open, ...UNSETTLED }
    const { word } = await treasury.end({ ...origin, id }, { mode: 'expire', epoch: '', cost: ZERO, line })
    return word === 'ok'
  }
}
