import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import type { Clock } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import type { Ask, Balance, Budget, NoRoom } from '../../budget/budget.ts'
import type { RedisConnection } from '../../redis/connection.ts'
import { StoreUnavailable } from '../../redis/store-unavailable.ts'
import { untilReady } from '../../redis/until-ready.ts'
import type { Hold, Ledger, LedgerHealth } from '../ledger.ts'
import type { UpkeepOptions } from '../retention.ts'
import type { OpenRow, Row } from '../row.ts'
import { BackgroundJobs } from './background-jobs.ts'
import { BalanceRefresh } from './balance-refresh.ts'
import { BalanceScripts } from './balance-scripts.ts'
import { Balances } from './balances.ts'
import type { SharedHold } from './hold.ts'
import { HoldService } from './hold-service.ts'
import { IdempotentRecord } from './idempotent-record.ts'
import { Leases } from './leases.ts'
import { Mirror } from './mirror.ts'
import { messageOf } from './postgres-error.ts'
import { Retry } from './retry.ts'
import { RowRelay } from './row-relay.ts'
import { migrate } from './schema.ts'
import { TeamRegistry } from './team-registry.ts'

/** What the shared ledger is opened with. */
export interface SharedLedgerOptions {
  /** For decisions. Its creator closes it, after the ledger. */
  readonly redis: RedisConnection
  /** For rows on their way to Postgres: long replies that no decision should queue behind. */
  readonly moving: RedisConnection
  /** For rows. Ended with the ledger. */
  readonly pool: pg.Pool
  /** For statements that a request waits for. Its creator ends it. */
  readonly hurried: pg.Pool
  readonly clock: Clock
  /** Budgets whose standing is kept current even when this replica does not spend from them. */
  budgets(): readonly Budget[]
  readonly log: Pick<Log, 'info' | 'warn'>
  /** When old data is deleted; absent: never. */
  readonly upkeep?: UpkeepOptions
  /** How long a dead replica's holds stand before the others settle them, in milliseconds. */
  readonly leaseMs?: number
  /** How long a request waits for its team's balances to be loaded into Redis, in milliseconds. */
  readonly loadPatienceMs?: number
}

const LEASE_MS = 15_000
/** Share of a decision's 50 ms that loading a team's balances into Redis for the first time may take. */
const LOAD_PATIENCE_MS = 40
/**
 * How long closing waits for rows to be moved: an unavailable Postgres must not hold up a restart.
 * Milliseconds.
 */
const LAST_ROWS_MS = 2_000

/**
 * Opens the ledger that replicas share: migrates Postgres to the current schema, waits for Redis, and loads
 * the balances of every budgeted team into it. Throws if either store does not answer, or Postgres cannot be
 * written. Balances that cannot be loaded only cause a warning: a team's first request, and the refresh every
 * second, try again.
 */
export async function openSharedLedger(options: SharedLedgerOptions): Promise<Ledger> {
  await migrate(options.pool)
  await Promise.all([untilReady(options.redis), untilReady(options.moving)])
  const ledger = new SharedLedger(options)
  await ledger.start()
  return ledger
}

/**
 * Decides about money in Redis and keeps rows in Postgres. `balances`, `remainingAfter` and `health` answer
 * immediately from what this replica last saw: other replicas' spend shows within a second.
 */
class SharedLedger implements Ledger {
  readonly #options: SharedLedgerOptions
  readonly #retry: Retry
  readonly #balances: Balances
  readonly #holdService: HoldService
  readonly #balanceRefresh: BalanceRefresh
  readonly #relay: RowRelay
  readonly #idempotentRecord: IdempotentRecord
  readonly #jobs: BackgroundJobs
  #closed = false

  constructor(options: SharedLedgerOptions) {
    const { redis, moving, pool, hurried, clock, leaseMs = LEASE_MS } = options
    this.#options = options
    this.#retry = new Retry((error) => this.#warn(error, 'an end could not be written yet'))
    // A third of the lease: long enough for every replica to renew its leases and so restore its holds.
    const registry = new TeamRegistry(moving)
    const balances = new Balances(redis, pool, registry, leaseMs / 3)
    const mirror = new Mirror()
    const relay = new RowRelay({ redis, moving, pool, registry, consumer: randomUUID() })
    const scripts = new BalanceScripts(redis, leaseMs)
    const onRow = (team: string) => {
      registry.note(team)
      relay.mark(team)
    }
    const open = new Set<SharedHold>()
    const holdService = new HoldService({
      scripts,
      balances,
      mirror,
      retry: this.#retry,
      open,
      loadPatienceMs: options.loadPatienceMs ?? LOAD_PATIENCE_MS,
      onRow,
    })
    const leases = new Leases({ redis, scripts, holdService, registry, open, onRow }, leaseMs)
    this.#balances = balances
    this.#relay = relay
    this.#holdService = holdService
    this.#idempotentRecord = new IdempotentRecord(hurried, clock, (row) => this.record(row))
    this.#balanceRefresh = new BalanceRefresh({
      redis,
      clock,
      balances,
      mirror,
      budgets: () => options.budgets(),
    })
    this.#jobs = new BackgroundJobs({
      redis,
      pool,
      balanceRefresh: this.#balanceRefresh,
      leases,
      relay,
      leaseMs,
      upkeep: options.upkeep,
      log: options.log,
    })
  }

  async start(): Promise<void> {
    await this.#balanceRefresh
      .run()
      .catch((error: unknown) => this.#warn(error, 'balances could not be read yet'))
    this.#jobs.start()
  }

  async hold(open: OpenRow, budgets: readonly Budget[], ask: Ask): Promise<Hold | NoRoom> {
    this.#refuseIfClosed()
    return this.#holdService.hold(open, budgets, ask)
  }

  async record(row: Row): Promise<void> {
    this.#refuseIfClosed()
    await this.#holdService.record(row)
  }

  async recordOnce(name: string, make: () => Promise<Row>): Promise<boolean> {
    this.#refuseIfClosed()
    return this.#idempotentRecord.record(name, make)
  }

  balances(budgets: readonly Budget[], at: number): readonly Balance[] {
    return this.#holdService.balances(budgets, at)
  }

  health(): LedgerHealth {
    const redis = this.#options.redis.health()
    if (!redis.ok) return { ok: false, why: `redis: ${redis.why}` }
    const recovering = this.#balances.recovering()
    const { problem } = this.#relay
    if (recovering.length > 0) {
      const why = `redis has lost its data; balances are being brought back (${recovering.length} teams)`
      return {
        ok: false,
        why: problem === undefined ? why : `${why}, for which postgres is needed: ${problem}`,
      }
    }
    const warnings = [
      ...(redis.warning === undefined ? [] : [`redis: ${redis.warning}`]),
      ...(problem === undefined ? [] : [`rows wait in redis (${this.#jobs.rowsWaiting}): ${problem}`]),
    ]
    return { ok: true, ...(warnings.length > 0 && { warning: warnings.join('; ') }) }
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#retry.close()
    const { waiting } = this.#holdService
    const lastRows = Promise.all([waiting.finish(), this.#jobs.stop()]).then(() => this.#relay.move())
    await Promise.race([lastRows, sleep(LAST_ROWS_MS, undefined, { ref: false })])
    if (waiting.count > 0) {
      this.#options.log.warn(
        { rows: waiting.count },
        'refused requests have no row, because redis was away to the end',
      )
    }
    // Rows that have not reached Postgres by now wait in Redis, for other replicas or the next start.
    await this.#options.pool.end()
    await lastRows
  }

  #refuseIfClosed(): void {
    if (this.#closed) throw new StoreUnavailable('the ledger is closed')
  }

  #warn(error: unknown, message: string): void {
    this.#options.log.warn({ why: messageOf(error) }, message)
  }
}
