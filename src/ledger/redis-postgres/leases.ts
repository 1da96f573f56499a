import type { RequestId } from '../../base/ids.ts'
import { ZERO } from '../../base/money.ts'
import type { RedisConnection } from '../../redis/connection.ts'
import { textsIn } from '../../redis/reply.ts'
import type { BalanceScripts } from './balance-scripts.ts'
import { UNSETTLED } from './columns.ts'
import { NO_EPOCH } from './epoch.ts'
import type { SharedHold } from './hold.ts'
import type { HoldService } from './hold-service.ts'
import { openRowIn } from './standing-holds.ts'
import { teamKeys } from './team-keys.ts'
import { forEachTeam, type TeamRegistry } from './team-registry.ts'
import { OVERDUE, RENEW } from './team-scripts.ts'

/** Batch size for settling one team's overdue holds. */
const MOST_AT_ONCE = 200

interface LeaseParts {
  readonly redis: RedisConnection
  readonly scripts: BalanceScripts
  readonly holdService: HoldService
  readonly registry: TeamRegistry
  /** This replica's own open holds. */
  readonly open: ReadonlySet<SharedHold>
  onRow(team: string): void
}

/** Keeps this replica's holds from expiring, and settles those of replicas that died. */
export class Leases {
  readonly #parts: LeaseParts
  readonly #leaseMs: number

  constructor(parts: LeaseParts, leaseMs: number) {
    this.#parts = parts
    this.#leaseMs = leaseMs
  }

  /** Renews every lease. Holds that Redis has lost along with all its data are restored. */
  async renew(): Promise<void> {
    const teams = Map.groupBy(this.#parts.open, ({ claim }) => claim.team)
    await Promise.all([...teams].map(([team, holds]) => this.#renewTeam(team, holds)))
  }

  /**
   * Settles each hold whose lease has expired at the amount it held. Replicas compete for this; the first one
   * wins, in one atomic step. Returns the number settled.
   */
  async expire(): Promise<number> {
    let settled = 0
    await forEachTeam(await this.#parts.registry.all(), async (team) => {
      settled += await this.#expireTeam(team)
    })
    return settled
  }

  async #renewTeam(team: string, holds: readonly SharedHold[]): Promise<void> {
    const { redis, holdService, open } = this.#parts
    const { state, leases, late } = teamKeys(team)
    const ids = holds.map(({ id }) => id)
    const keys = [state, leases, ...ids.map((id) => late(id))]
    const [epoch = NO_EPOCH, ...missed] = textsIn(await redis.run(RENEW, keys, [this.#leaseMs, ...ids]))
    const lost = new Set(missed)
    // Reloaded balances include the holds still standing, so those move to the new epoch.
    for (const hold of holds) if (epoch !== NO_EPOCH && !lost.has(hold.id)) hold.epoch = epoch
    const missing = holds.filter((hold) => lost.has(hold.id) && open.has(hold))
    await Promise.all(missing.map((hold) => holdService.adopt(hold, () => open.has(hold))))
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
    const { redis, scripts } = this.#parts
    const row = await redis.command('HGET', [teamKeys(team).hold(id), 'row'])
    // A lease without a hold is dangling; ending it removes it.
    const open = openRowIn(row)
    const origin = open ?? { team, key: '', at: 0 }
    const line = { ...open, ...UNSETTLED }
    const { word } = await scripts.end({ ...origin, id }, { mode: 'expire', cost: ZERO, line })
    return word === 'ok'
  }
}
