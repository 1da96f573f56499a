import type pg from 'pg'
import type { Log } from '../../base/log.ts'
import { repeat } from '../../base/rounds.ts'
import type { RedisConnection } from '../../redis/connection.ts'
import type { UpkeepOptions } from '../retention.ts'
import type { BalanceRefresh } from './balance-refresh.ts'
import type { Leases } from './leases.ts'
import { messageOf } from './postgres-error.ts'
import type { RowRelay } from './row-relay.ts'
import { tidy } from './upkeep.ts'
import { foldCounts } from './views/whole-counts.ts'

/** Intervals at which rows are moved to Postgres and balances are refreshed. Milliseconds. */
const MOVE_MS = 200
const REFRESH_MS = 1_000
const SWEEP_MS = 2_000
/** Interval at which the new counts of all teams are folded together. Milliseconds. */
const FOLD_MS = 2_000
const TIDY_MS = 60_000

interface BackgroundJobParts {
  readonly redis: RedisConnection
  readonly pool: pg.Pool
  readonly balanceRefresh: BalanceRefresh
  readonly leases: Leases
  readonly relay: RowRelay
  /** How long a dead replica's holds stand before the others settle them, in milliseconds. */
  readonly leaseMs: number
  /** When old data is deleted; absent: never. */
  readonly upkeep: UpkeepOptions | undefined
  readonly log: Pick<Log, 'info' | 'warn'>
}

/** What a replica does for the shared ledger beside requests, each job at its own interval. */
export class BackgroundJobs {
  readonly #parts: BackgroundJobParts
  #rounds: readonly { stop(): Promise<void> }[] = []
  #readySince = performance.now()
  #rowsWaiting = 0
  /** As the log was last told. */
  #isStuck = false

  constructor(parts: BackgroundJobParts) {
    this.#parts = parts
  }

  /** Rows in Redis that were not in Postgres yet at the last count, of all replicas. */
  get rowsWaiting(): number {
    return this.#rowsWaiting
  }

  start(): void {
    const { redis, pool, balanceRefresh, leases, relay, leaseMs, upkeep, log } = this.#parts
    const warn = (error: unknown, message: string) => log.warn({ why: messageOf(error) }, message)
    redis.onReady(() => {
      this.#readySince = performance.now()
      leases.renew().catch((error: unknown) => warn(error, 'leases could not be renewed'))
    })
    const round = (everyMs: number, job: () => Promise<unknown>, why: string) =>
      repeat(everyMs, job, (error) => warn(error, why))
    this.#rounds = [
      round(MOVE_MS, () => relay.move(), 'rows could not be moved'),
      round(REFRESH_MS, () => balanceRefresh.run(), 'balances could not be read'),
      round(leaseMs / 5, () => leases.renew(), 'leases could not be renewed'),
      round(Math.min(SWEEP_MS, leaseMs / 3), () => this.#expire(), 'overdue holds could not be looked for'),
      round(SWEEP_MS, () => this.#sweep(), 'waiting rows could not be looked for'),
      round(FOLD_MS, () => foldCounts(pool), 'counts could not be folded yet'),
      ...(upkeep === undefined
        ? []
        : [round(TIDY_MS, () => tidy(pool, upkeep), 'old rows could not be deleted yet')]),
    ]
  }

  /** Resolves when none is running any more, and none will. */
  async stop(): Promise<void> {
    await Promise.all(this.#rounds.map((round) => round.stop()))
  }

  /**
   * Settles what dead replicas left. Not right after a Redis outage, when live replicas have yet to renew
   * their leases.
   */
  async #expire(): Promise<void> {
    const { leases, leaseMs } = this.#parts
    if (performance.now() - this.#readySince >= leaseMs) await leases.expire()
  }

  /** Runs separately from the holds, which must not wait for Postgres. */
  async #sweep(): Promise<void> {
    const { relay, log } = this.#parts
    this.#rowsWaiting = await relay.sweep()
    const { problem } = relay
    if ((problem === undefined) !== this.#isStuck) return
    this.#isStuck = problem !== undefined
    if (this.#isStuck) log.warn({ rows: this.#rowsWaiting, why: problem }, 'rows wait in redis')
    else log.info({}, 'rows reach postgres again')
  }
}
