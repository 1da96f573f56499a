import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { DAY, HOUR } from '../../base/durations.ts'
import { MOST } from '../../base/money.ts'
import { WINDOWS } from '../../budget/budget.ts'
import type { Span } from '../../budget/window.ts'
import type { RedisConnection } from '../../redis/connection.ts'
import { StoreUnavailable } from '../../redis/store-unavailable.ts'
import { lockUntilCommit, transact } from './database.ts'
import { type StandingHold, standingHolds } from './standing-holds.ts'
import { type AccountKey, accountKey, teamKeys } from './team-keys.ts'
import type { TeamRegistry } from './team-registry.ts'
import { LOAD } from './team-scripts.ts'

/** After this long Redis will not execute a script any more: ten deadlines of a decision, and a hop. Milliseconds. */
const OVERDUE_MS = 500

/**
 * Loads a team's balances from Postgres into Redis when they are missing: at the team's first request, and
 * after Redis has lost its data. If several replicas want this at once, Postgres' lock on the team makes it
 * happen once. The lock also keeps concurrent inserts of rows out (`insertion.ts` takes the same lock).
 */
export class Balances {
  readonly #redis: RedisConnection
  readonly #pool: pg.Pool
  readonly #registry: TeamRegistry
  readonly #graceMs: number
  readonly #loading = new Map<string, Promise<void>>()
  /** Teams whose balances have been in Redis: if they are missing later, Redis has lost them. */
  readonly #known = new Set<string>()
  /** Teams whose data Redis lost, and when (`performance.now()`) their requests are admitted again. */
  readonly #recovering = new Map<string, number>()

  constructor(redis: RedisConnection, pool: pg.Pool, registry: TeamRegistry, graceMs: number) {
    this.#redis = redis
    this.#pool = pool
    this.#registry = registry
    this.#graceMs = graceMs
  }

  /** Resolves when the team's balances are in Redis. `at`: a moment in the windows to load. */
  ensure(team: string, at: number): Promise<void> {
    const loading = this.#loading.get(team)
    if (loading !== undefined) return loading
    const load = this.#load(team, at)
      .then(() => void this.#known.add(team))
      .catch((error: unknown) => {
        // The next caller that needs the balances retries. If there is none, no request is being refused
        // either.
        if (this.#recovering.has(team) || this.#known.has(team)) this.#recoveredAfter(team, this.#graceMs)
        throw error
      })
      .finally(() => this.#loading.delete(team))
    this.#loading.set(team, load)
    return load
  }

  /**
   * Teams whose requests are refused because Redis has lost their balances: while Postgres is away, and for at most a
   * few seconds more.
   */
  recovering(): readonly string[] {
    const now = performance.now()
    for (const [team, until] of this.#recovering) if (until < now) this.#recovering.delete(team)
    return [...this.#recovering.keys()]
  }

  async #load(team: string, at: number): Promise<void> {
    const { state } = teamKeys(team)
    const unanswered = await transact(this.#pool, async (client) => {
      await lockUntilCommit(client, teamLock(team))
      this.#registry.add(team)
      if ((await this.#redis.command('HEXISTS', [state, 'epoch'])) === 1) {
        if (this.#recovering.has(team)) this.#recoveredAfter(team, this.#graceMs)
        return undefined
      }
      const before = await client.query('SELECT 1 FROM team_epoch WHERE team = $1', [team])
      const graceMs = before.rowCount === 0 ? 0 : this.#graceMs
      if (graceMs > 0) this.#recoveredAfter(team, Number.POSITIVE_INFINITY)
      const epoch = randomUUID()
      await client.query(
        `INSERT INTO team_epoch VALUES ($1, $2, now())
         ON CONFLICT (team) DO UPDATE SET epoch = excluded.epoch, loaded_at = excluded.loaded_at`,
        [team, epoch],
      )
      // While balances are missing no script changes a hold: one that exists now is either counted or lost by
      // Redis in the meantime.
      const asked = [sumsOf(client, team, at), standingHolds(this.#redis, team)] as const
      const [sums, holds] = await Promise.all(asked)
      const unanswered = await this.#put(...loadOf(team, sums, holds, { epoch, graceMs, at }))
      // Redis' grace period has begun by now, so ours does not end before it.
      if (unanswered === undefined && graceMs > 0) this.#recoveredAfter(team, graceMs)
      return unanswered
    })
    if (unanswered !== undefined) throw unanswered
  }

  /**
   * Puts balances into Redis. Returns the error if Redis has not answered, but only once it certainly will
   * not execute the script any more: until then the lock keeps out rows that the sums lack. The epoch must be
   * kept even so, because the balances may be there.
   */
  async #put(keys: string[], args: (string | number)[]): Promise<StoreUnavailable | undefined> {
    try {
      await this.#redis.run(LOAD, keys, args)
      return undefined
    } catch (error) {
      if (!(error instanceof StoreUnavailable) || !error.mayBeDone) throw error
      await sleep(OVERDUE_MS)
      return error
    }
  }

  #recoveredAfter(team: string, ms: number): void {
    this.#recovering.set(team, performance.now() + ms)
  }
}

/** Name of the lock taken to sum a team's rows or to insert some. */
export function teamLock(team: string): string {
  return `trivium:team:${team}`
}

interface Sum {
  readonly account: AccountKey
  readonly spent: number
}

/** Keys and arguments of `LOAD`. */
function loadOf(
  team: string,
  sums: readonly Sum[],
  holds: readonly StandingHold[],
  { epoch, graceMs, at }: { readonly epoch: string; readonly graceMs: number; readonly at: number },
): readonly [string[], (string | number)[]] {
  const held = holds.flatMap(({ accounts }) => accounts.map((account) => ({ account, spent: 0 })))
  const own = momentsAround(at).map(({ per, moment }) => ({
    account: accountKey(team, undefined, per, moment),
    spent: 0,
  }))
  const accounts = new Map([...own, ...held, ...sums].map((sum) => [sum.account.name, sum]))
  const numbers = new Map([...accounts.keys()].map((name, index) => [name, index + 1]))
  return [
    [teamKeys(team).state, ...accounts.keys(), ...holds.map(({ name }) => name)],
    [
      ...[epoch, graceMs, accounts.size],
      ...[...accounts.values()].flatMap(({ account, spent }) => [spent, account.ends]),
      ...holds.map((hold) => hold.accounts.map(({ name }) => numbers.get(name)).join()),
    ],
  ]
}

/**
 * What the team and each of its keys have spent in the windows around a moment. Even if that is nothing: if
 * the state was lost alone, the account in Redis still has what is on its way to Postgres.
 */
async function sumsOf(client: pg.PoolClient, team: string, at: number): Promise<readonly Sum[]> {
  const moments = momentsAround(at)
  const columns = moments.map(({ per, span }, index) => {
    const summed = per === 'hour' ? 'of_hour' : 'of_day'
    return `least(coalesce(sum(${summed}) FILTER (WHERE ${within(span)}), 0), ${MOST})::bigint AS s${index}`
  })
  const hour = Math.floor(at / HOUR)
  const { rows } = await client.query<Record<string, unknown>>(
    `SELECT key, ${columns.join(', ')} FROM (
       SELECT key, day::bigint * ${DAY} AS at, 0 AS of_hour, cost_nusd AS of_day FROM tally_day WHERE team = $1
       UNION ALL SELECT key, hour::bigint * ${HOUR}, cost_nusd, 0 FROM tally_hour
       WHERE team = $1 AND hour BETWEEN ${hour - 1} AND ${hour + 1}
     ) AS tallies GROUP BY key`,
    [team],
  )
  const sums = new Map<string, Sum>()
  for (const row of rows) {
    moments.forEach(({ per, moment }, index) => {
      const spent = Number(row[`s${index}`])
      for (const payer of [undefined, String(row.key)]) {
        const account = accountKey(team, payer, per, moment)
        const others = sums.get(account.name)?.spent ?? 0
        sums.set(account.name, { account, spent: Math.min(MOST, others + spent) })
      }
    })
  }
  return [...sums.values()]
}

/**
 * Replicas' clocks differ slightly, so a row may already fall in the next window, or a request still in the
 * previous.
 */
function momentsAround(at: number) {
  return WINDOWS.flatMap((per) => {
    const now = accountKey('', undefined, per, at).span
    const moments = now.end === null ? [at] : [now.start - 1, at, now.end]
    return moments.map((moment) => ({ per, moment, span: accountKey('', undefined, per, moment).span }))
  })
}

function within({ start, end }: Span): string {
  return end === null ? 'true' : `at >= ${start} AND at < ${end}`
}
