import type pg from 'pg'
import { z } from 'zod'
import type { RequestId } from '../../base/ids.ts'
import { MOST } from '../../base/money.ts'
import type { RedisConnection } from '../../redis/connection.ts'
import { insertEntries, type Late, type Refused, type Settled, type StreamEntry } from './insertion.ts'
import { isLocked, messageOf } from './postgres-error.ts'
import { BATCH, RowStreams } from './row-streams.ts'
import { accountsOf, teamKeys } from './team-keys.ts'
import { forEachTeam, type TeamRegistry } from './team-registry.ts'
import { CATCH_UP, TAKE_BACK } from './team-scripts.ts'

/**
 * If Postgres has not answered for this long, rows are reported as waiting, well before the attempt is given
 * up. Milliseconds.
 */
const SLOW_MS = 3_000

/**
 * Scripts sent together: one at a time Postgres' locks would be held for too long, and more could pass the
 * deadline.
 */
const AT_ONCE = 50

const Origin = z.object({ id: z.string(), team: z.string(), key: z.string(), at: z.number() })

interface RowRelayParts {
  /** For what a transaction waits for: it must not last as long as slow replies do. */
  readonly redis: RedisConnection
  /** For the rows themselves. */
  readonly moving: RedisConnection
  readonly pool: pg.Pool
  readonly registry: TeamRegistry
  /** A name that no other replica has. */
  readonly consumer: string
}

/**
 * Moves rows from the teams' streams into Postgres in batches, one transaction each, and deletes them from
 * the stream only afterwards. A row that is moved twice is inserted once, thanks to its id. While Postgres is
 * down the streams grow.
 */
export class RowRelay {
  readonly #redis: RedisConnection
  readonly #streams: RowStreams
  readonly #pool: pg.Pool
  readonly #registry: TeamRegistry
  readonly #marked = new Set<string>()
  /**
   * Entries that were read but could not be inserted. The next attempt starts with them, whatever happens to
   * Redis.
   */
  readonly #inHand = new Map<string, readonly StreamEntry[]>()
  /** Teams with an insert that Postgres has not answered, and when it was sent (`performance.now()`). */
  readonly #unanswered = new Map<string, number>()
  /** Teams whose rows another replica has held for as long as an insert waits for them. */
  readonly #held = new Set<string>()
  #failure: string | undefined
  #running: Promise<void> | undefined

  constructor({ redis, moving, pool, registry, consumer }: RowRelayParts) {
    this.#redis = redis
    this.#pool = pool
    this.#registry = registry
    this.#streams = new RowStreams(moving, consumer)
  }

  /** Why rows are not being moved; undefined when they are. */
  get problem(): string | undefined {
    const [held] = this.#held
    return this.#outage ?? (held && `another replica holds the rows of team ${held} in postgres`)
  }

  /** Why no team's rows are being moved. */
  get #outage(): string | undefined {
    const silentMs = performance.now() - Math.min(...this.#unanswered.values())
    if (silentMs > SLOW_MS) return `postgres has not answered for ${Math.floor(silentMs / 1_000)} s`
    return this.#failure
  }

  /** Marks a team's stream as having rows. */
  mark(team: string): void {
    this.#marked.add(team)
  }

  /**
   * Moves all rows in the marked teams' streams. Never throws: see `problem`. Concurrent calls share one run.
   */
  move(): Promise<void> {
    this.#running ??= this.#moveMarked().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  /**
   * Checks every team, so that rows unknown to any live replica, or read by a dead one, are moved too.
   * Returns the number of rows waiting.
   */
  async sweep(): Promise<number> {
    let waiting = 0
    await forEachTeam(await this.#registry.all(), async (team) => {
      const length = await this.#streams.length(team)
      waiting += length
      if (length === 0) return
      this.mark(team)
      if (this.#outage === undefined && !this.#inHand.has(team)) await this.#takeOver(team)
    })
    return waiting
  }

  async #takeOver(team: string): Promise<void> {
    try {
      await this.#move(team, await this.#streams.claim(team))
    } catch (error) {
      this.#fail(team, error)
    }
  }

  async #moveMarked(): Promise<void> {
    const [first, ...others] = this.#marked
    if (first === undefined) return
    // While Postgres is down one team makes the attempt for all, so that no more is read than can be kept in
    // hand.
    await this.#moveAll(first)
    if (this.#failure === undefined) await Promise.all(others.map((team) => this.#moveAll(team)))
  }

  async #moveAll(team: string): Promise<void> {
    this.#marked.delete(team)
    try {
      let entries = this.#inHand.get(team) ?? (await this.#streams.read(team))
      while (entries.length > 0) {
        await this.#move(team, entries)
        entries = entries.length < BATCH ? [] : await this.#streams.read(team)
      }
      this.#failure = undefined
      this.#held.delete(team)
    } catch (error) {
      this.#fail(team, error)
    }
  }

  #fail(team: string, error: unknown): void {
    // Postgres is there, and other teams' rows need not wait.
    if (isLocked(error)) this.#held.add(team)
    else this.#failure = messageOf(error)
    this.mark(team)
  }

  async #move(team: string, entries: readonly StreamEntry[]): Promise<void> {
    if (entries.length === 0) return
    this.#inHand.set(team, entries)
    await this.#streams.setAside(team, await this.#insert(team, entries))
    await this.#streams.remove(team, entries)
    this.#inHand.delete(team)
  }

  async #insert(team: string, entries: readonly StreamEntry[]): Promise<readonly Refused[]> {
    this.#unanswered.set(team, performance.now())
    try {
      return await insertEntries(this.#pool, team, entries, {
        catchUp: (epoch, late) => this.#catchUp(epoch, late),
        takeBack: (epoch, settled) => this.#takeBack(epoch, settled),
      })
    } finally {
      this.#unanswered.delete(team)
    }
  }

  async #takeBack(epoch: string, settled: readonly Settled[]): Promise<void> {
    await someAtATime(settled, ({ entry, cost }) => {
      const { id, ...origin } = Origin.parse(JSON.parse(entry.row))
      const { state, late } = teamKeys(origin.team)
      const accounts = accountsOf(origin).map(({ name }) => name)
      return this.#redis.run(
        TAKE_BACK,
        [state, late(id as RequestId), ...accounts],
        [epoch, entry.cost, cost],
      )
    })
  }

  async #catchUp(epoch: string, late: readonly Late[]): Promise<void> {
    await someAtATime(late, ({ entry, counted }) => {
      const { id, ...origin } = Origin.parse(JSON.parse(entry.row))
      const { state, caught } = teamKeys(origin.team)
      const accounts = accountsOf(origin)
      return this.#redis.run(
        CATCH_UP,
        [state, caught(id as RequestId), ...accounts.map(({ name }) => name)],
        [epoch, counted, entry.cost, MOST, ...accounts.map(({ ends }) => ends)],
      )
    })
  }
}

/** Runs a job for each of many, `AT_ONCE` together. */
async function someAtATime<T>(many: readonly T[], job: (one: T) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < many.length; at += AT_ONCE) await Promise.all(many.slice(at, at + AT_ONCE).map(job))
}
