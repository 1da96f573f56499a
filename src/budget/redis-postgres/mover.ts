import type pg from 'pg'
import { z } from 'zod'
import { MOST } from '../../base/money.ts'
import type { RedisConnection, Reply } from '../../redis/connection.ts'
import { type Entry, type Inserted, insertEntries } from './insertion.ts'
import { messageOf } from './store-error.ts'
import { accountsOf, teamKeys } from './team-keys.ts'
import { forEachTeam, type TeamRoll } from './team-roll.ts'
import { CATCH_UP } from './team-scripts.ts'
import { textsIn } from './treasury.ts'

const GROUP = 'ledger'
/** Entries of one team's stream moved per batch. */
const BATCH = 500
/** Entries per Redis command. A larger command would delay every decision queued behind it. */
const AT_ONCE = 50
/** How long a consumer may be idle before others take over the entries it has read. */
const CLAIM_AFTER_MS = 10_000
/**
 * If Postgres has not answered for this long, rows are reported as waiting, well before the attempt is given
 * up. Milliseconds.
 */
const SLOW_MS = 3_000

const Origin = z.object({ team: z.string(), key: z.string(), at: z.number() })

/**
 * Moves rows from the teams' streams into Postgres in batches, one transaction each, and deletes them from
 * the stream only afterwards. A row that is moved twice is inserted once, thanks to its id. While Postgres is
 * down the streams grow.
 */
export class Mover {
  readonly #redis: RedisConnection
  readonly #pool: pg.Pool
  readonly #roll: TeamRoll
  readonly #consumer: string
  readonly #marked = new Set<string>()
  /**
   * Entries that were read but could not be inserted. The next attempt starts with them, whatever happens to
   * Redis.
   */
  readonly #inHand = new Map<string, readonly Entry[]>()
  /** Teams with an insert that Postgres has not answered, and when it was sent (`performance.now()`). */
  readonly #unanswered = new Map<string, number>()
  #problem: string | undefined
  #running: Promise<void> | undefined

  constructor(redis: RedisConnection, pool: pg.Pool, roll: TeamRoll, consumer: string) {
    this.#redis = redis
    this.#pool = pool
    this.#roll = roll
    this.#consumer = consumer
  }

  /** Why rows are not being moved; undefined when they are. */
  get problem(): string | undefined {
    const silentMs = performance.now() - Math.min(...this.#unanswered.values())
    if (silentMs > SLOW_MS) return `postgres has not answered for ${Math.floor(silentMs / 1_000)} s`
    return this.#problem
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
    await forEachTeam(await this.#roll.all(), async (team) => {
      const length = Number(await this.#redis.command('XLEN', [teamKeys(team).rows]))
      waiting += length
      if (length === 0) return
      this.mark(team)
      if (this.problem === undefined && !this.#inHand.has(team)) await this.#takeOver(team)
    })
    return waiting
  }

  async #takeOver(team: string): Promise<void> {
    try {
      await this.#move(team, await this.#claim(team))
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
    if (this.#problem === undefined) await Promise.all(others.map((team) => this.#moveAll(team)))
  }

  async #moveAll(team: string): Promise<void> {
    this.#marked.delete(team)
    try {
      let entries = this.#inHand.get(team) ?? (await this.#read(team))
      while (entries.length > 0) {
        await this.#move(team, entries)
        entries = entries.length < BATCH ? [] : await this.#read(team)
      }
      this.#problem = undefined
    } catch (error) {
      this.#fail(team, error)
    }
  }

  #fail(team: string, error: unknown): void {
    this.#problem = messageOf(error)
    this.mark(team)
  }

  async #move(team: string, entries: readonly Entry[]): Promise<void> {
    if (entries.length === 0) return
    this.#inHand.set(team, entries)
    const { rows, refused } = teamKeys(team)
    const inserted = await this.#insert(team, entries)
    for (const { row, why } of inserted.refused)
      await this.#redis.command('XADD', [refused, '*', 'row', row, 'why', why])
    for (const late of inserted.late) await this.#catchUp(inserted, late)
    for (let from = 0; from < entries.length; from += AT_ONCE) {
      const ids = entries.slice(from, from + AT_ONCE).map(({ id }) => id)
      await this.#redis.command('XACK', [rows, GROUP, ...ids])
      await this.#redis.command('XDEL', [rows, ...ids])
    }
    this.#inHand.delete(team)
  }

  async #insert(team: string, entries: readonly Entry[]): Promise<Inserted> {
    this.#unanswered.set(team, performance.now())
    try {
      return await insertEntries(this.#pool, team, entries)
    } finally {
      this.#unanswered.delete(team)
    }
  }

  async #catchUp({ epoch }: Inserted, { row, cost }: Entry): Promise<void> {
    const origin = Origin.parse(JSON.parse(row))
    const keys = [teamKeys(origin.team).state, ...accountsOf(origin).map(({ name }) => name)]
    await this.#redis.run(CATCH_UP, keys, [epoch, cost, MOST])
  }

  /**
   * If Redis fails midway, the entries already read are returned: no other consumer would look at them for a
   * while.
   */
  async #read(team: string): Promise<readonly Entry[]> {
    const entries: Entry[] = []
    while (entries.length < BATCH) {
      const some = await this.#readSome(team).catch((error: unknown) => {
        if (entries.length === 0) throw error
        return []
      })
      entries.push(...some)
      if (some.length < AT_ONCE) break
    }
    return entries
  }

  async #readSome(team: string): Promise<readonly Entry[]> {
    const { rows } = teamKeys(team)
    const args = ['GROUP', GROUP, this.#consumer, 'COUNT', AT_ONCE, 'STREAMS', rows, '>']
    const [stream] = listIn(await this.#inGroup(rows, 'XREADGROUP', args))
    return entriesIn(listIn(stream)[1])
  }

  async #claim(team: string): Promise<readonly Entry[]> {
    const { rows } = teamKeys(team)
    const args = [rows, GROUP, this.#consumer, CLAIM_AFTER_MS, '0', 'COUNT', BATCH]
    return entriesIn(listIn(await this.#inGroup(rows, 'XAUTOCLAIM', args))[1])
  }

  /** Runs a command on the consumer group, creating the group if the stream is new or Redis has lost it. */
  async #inGroup(rows: string, name: string, args: readonly (string | number)[]): Promise<Reply> {
    try {
      return await this.#redis.command(name, args)
    } catch (error) {
      if (!messageOf(error).startsWith('NOGROUP')) throw error
    }
    await this.#redis.command('XGROUP', ['CREATE', rows, GROUP, '0', 'MKSTREAM']).catch((error: unknown) => {
      if (!messageOf(error).startsWith('BUSYGROUP')) throw error
    })
    return this.#redis.command(name, args)
  }
}

function listIn(reply: Reply | undefined): readonly Reply[] {
  return Array.isArray(reply) ? reply : []
}

/**
 * Parses stream entries: an id and a flat list of names and values. Entries deleted in the meantime have no
 * list.
 */
function entriesIn(reply: Reply | undefined): readonly Entry[] {
  return listIn(reply).flatMap((each) => {
    const [id, fields] = listIn(each)
    const list = textsIn(fields ?? null)
    const field = (name: string) => list[list.indexOf(name) + 1] ?? ''
    if (list.length === 0) return []
    return [
      { id: String(id), row: field('row'), cost: field('cost'), held: field('held'), epoch: field('epoch') },
    ]
  })
}
