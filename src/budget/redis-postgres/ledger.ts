import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import type { Clock } from '../../base/clock.ts'
import type { RedisConnection } from '../../redis/connection.ts'
import { StoreUnavailable } from '../../redis/store-unavailable.ts'
import { untilReady } from '../../redis/until-ready.ts'
import type { Ask, Balance, Budget, Hold, Ledger, LedgerHealth, NoRoom } from '../ledger.ts'
import type { UpkeepOptions } from '../retention.ts'
import type { OpenRow, Row } from '../row.ts'
import { Balances } from './balances.ts'
import { Counter } from './counter.ts'
import { NO_EPOCH } from './epoch.ts'
import type { SharedHold } from './hold.ts'
import { Insistence } from './insistence.ts'
import { Leases } from './leases.ts'
import { Mirror } from './mirror.ts'
import { Mover } from './mover.ts'
import { Once } from './once.ts'
import { repeat } from './rounds.ts'
import { migrate } from './schema.ts'
import { messageOf } from './store-error.ts'
import { accountKey, teamKeys } from './team-keys.ts'
import { TeamRoll } from './team-roll.ts'
import { PEEK } from './team-scripts.ts'
import { Treasury, textsIn } from './treasury.ts'
import { tidy } from './upkeep.ts'
import { foldCounts } from './views/whole-counts.ts'

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
  readonly log: { warn(facts: object, message: string): void }
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
/** Intervals at which rows are moved to Postgres and balances are refreshed. Milliseconds. */
const MOVE_MS = 200
const LOOK_MS = 1_000
const SWEEP_MS = 2_000
/** Interval at which the new counts of all teams are folded together. Milliseconds. */
const FOLD_MS = 2_000
const TIDY_MS = 60_000
/**
 * How long closing waits for rows to be moved: an unavailable Postgres must not hold up a restart.
 * Milliseconds.
 */
const LAST_ROWS_MS = 2_000

/**
 * Opens the ledger that replicas share: migrates Postgres to the current schema and loads the balances of
 * every budgeted team into Redis. Throws if either does not answer.
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
  readonly #leaseMs: number
  readonly #mirror = new Mirror()
  readonly #open = new Set<SharedHold>()
  readonly #insistence: Insistence
  readonly #balances: Balances
  readonly #counter: Counter
  readonly #leases: Leases
  readonly #mover: Mover
  readonly #once: Once
  #rounds: readonly { stop(): Promise<void> }[] = []
  #readySince = performance.now()
  #rowsWaiting = 0
  #closed = false

  constructor(options: SharedLedgerOptions) {
    const { redis, moving, pool, hurried } = options
    this.#options = options
    this.#leaseMs = options.leaseMs ?? LEASE_MS
    this.#insistence = new Insistence((error) => this.#warn(error, 'an end could not be written yet'))
    // A third of the lease: long enough for every replica to renew its leases and so restore its holds.
    const roll = new TeamRoll(moving)
    this.#balances = new Balances(redis, pool, roll, this.#leaseMs / 3)
    this.#mover = new Mover(moving, pool, roll, randomUUID())
    const treasury = new Treasury(redis, this.#leaseMs)
    const onRow = (team: string) => {
      roll.note(team)
      this.#mover.mark(team)
    }
    const open = this.#open
    const counter = new Counter({
      treasury,
      balances: this.#balances,
      mirror: this.#mirror,
      insistence: this.#insistence,
      open,
      loadPatienceMs: options.loadPatienceMs ?? LOAD_PATIENCE_MS,
      onRow,
    })
    this.#counter = counter
    this.#once = new Once(hurried, options.clock, (row) => this.record(row))
    this.#leases = new Leases({ redis, treasury, counter, roll, open, onRow }, this.#leaseMs)
  }

  async start(): Promise<void> {
    const { pool, upkeep } = this.#options
    await this.#look().catch((error: unknown) => this.#warn(error, 'balances could not be read yet'))
    this.#options.redis.onReady(() => {
      this.#readySince = performance.now()
      this.#leases.renew().catch((error: unknown) => this.#warn(error, 'leases could not be renewed'))
    })
    const round = (everyMs: number, job: () => Promise<unknown>, why: string) =>
      repeat(everyMs, job, (error) => this.#warn(error, why))
    this.#rounds = [
      round(MOVE_MS, () => this.#mover.move(), 'rows could not be moved'),
      round(LOOK_MS, () => this.#look(), 'balances could not be read'),
      round(this.#leaseMs / 5, () => this.#leases.renew(), 'leases could not be renewed'),
      round(
        Math.min(SWEEP_MS, this.#leaseMs / 3),
        () => this.#expire(),
        'overdue holds could not be looked for',
      ),
      round(SWEEP_MS, () => this.#sweep(), 'waiting rows could not be looked for'),
      round(FOLD_MS, () => foldCounts(pool), 'counts could not be folded yet'),
      ...(upkeep === undefined
        ? []
        : [round(TIDY_MS, () => tidy(pool, upkeep), 'old rows could not be deleted yet')]),
    ]
  }

  async hold(open: OpenRow, budgets: readonly Budget[], ask: Ask): Promise<Hold | NoRoom> {
    this.#refuseIfClosed()
    return this.#counter.hold(open, budgets, ask)
  }

  async record(row: Row): Promise<void> {
    this.#refuseIfClosed()
    await this.#counter.record(row)
  }

  async recordOnce(name: string, make: () => Promise<Row>): Promise<boolean> {
    this.#refuseIfClosed()
    return this.#once.record(name, make)
  }

  balances(budgets: readonly Budget[], at: number): readonly Balance[] {
    return this.#counter.balances(budgets, at)
  }

  health(): LedgerHealth {
    const redis = this.#options.redis.health()
    if (!redis.ok) return { ok: false, why: `redis: ${redis.why}` }
    const recovering = this.#balances.recovering()
    if (recovering.length > 0)
      return {
        ok: false,
        why: `redis has lost its data; balances are being brought back (${recovering.length} teams)`,
      }
    const { problem } = this.#mover
    const warnings = [
      ...(redis.warning === undefined ? [] : [`redis: ${redis.warning}`]),
      ...(problem === undefined ? [] : [`rows wait in redis (${this.#rowsWaiting}): ${problem}`]),
    ]
    return { ok: true, ...(warnings.length > 0 && { warning: warnings.join('; ') }) }
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#insistence.close()
    const lastRows = Promise.all(this.#rounds.map((round) => round.stop())).then(() => this.#mover.move())
    await Promise.race([lastRows, sleep(LAST_ROWS_MS, undefined, { ref: false })])
    // Rows that have not reached Postgres by now wait in Redis, for other replicas or the next start.
    await this.#options.pool.end()
    await lastRows
  }

  #refuseIfClosed(): void {
    if (this.#closed) throw new StoreUnavailable('the ledger is closed')
  }

  /**
   * Settles what dead replicas left. Not right after a Redis outage, when live replicas have yet to renew
   * their leases.
   */
  async #expire(): Promise<void> {
    if (performance.now() - this.#readySince >= this.#leaseMs) await this.#leases.expire()
  }

  /** Runs separately from the holds, which must not wait for Postgres. */
  async #sweep(): Promise<void> {
    this.#rowsWaiting = await this.#mover.sweep()
  }

  /** Refreshes the standing of the budgets, and loads the balances of teams that are missing in Redis. */
  async #look(): Promise<void> {
    const at = this.#options.clock.now()
    const teams = Map.groupBy(this.#options.budgets(), ({ team }) => team)
    await Promise.all([...teams].map(([team, budgets]) => this.#lookAt(team, budgets, at)))
  }

  async #lookAt(team: string, budgets: readonly Budget[], at: number): Promise<void> {
    const accounts = budgets.map(({ key, per }) => accountKey(team, key, per, at))
    const keys = [teamKeys(team).state, ...accounts.map(({ name }) => name)]
    let told = textsIn(await this.#options.redis.run(PEEK, keys, []))
    if (told[0] === NO_EPOCH) {
      await this.#balances.ensure(team, at)
      told = textsIn(await this.#options.redis.run(PEEK, keys, []))
    }
    this.#mirror.see(accounts, told.slice(1).map(Number))
  }

  #warn(error: unknown, message: string): void {
    this.#options.log.warn({ why: messageOf(error) }, message)
  }
}
