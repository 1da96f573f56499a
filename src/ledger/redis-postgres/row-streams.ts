import type { RedisConnection, Reply } from '../../redis/connection.ts'
import { listIn, textsIn } from '../../redis/reply.ts'
import type { Refused, StreamEntry } from './insertion.ts'
import { messageOf } from './postgres-error.ts'
import { teamKeys } from './team-keys.ts'

const GROUP = 'ledger'
/** Entries of one team's stream read at a time. */
export const BATCH = 500
/** Entries per Redis command. A larger command would delay every decision queued behind it. */
const AT_ONCE = 50
/** How long after a consumer has read an entry others may take it over. */
const CLAIM_AFTER_MS = 10_000

/**
 * The teams' streams of rows on their way to Postgres, as one consumer of the group that all replicas form.
 * Whoever has read an entry keeps it from the others until it is removed or claimed. Every call rejects when
 * Redis does not answer.
 */
export class RowStreams {
  readonly #redis: RedisConnection
  readonly #consumer: string

  constructor(redis: RedisConnection, consumer: string) {
    this.#redis = redis
    this.#consumer = consumer
  }

  /** The number of entries in a team's stream, read or not. */
  async length(team: string): Promise<number> {
    return Number(await this.#redis.command('XLEN', [teamKeys(team).rows]))
  }

  /**
   * Reads up to `BATCH` entries that nobody has read. If Redis fails midway, the entries already read are
   * returned: no other consumer would look at them for a while.
   */
  async read(team: string): Promise<readonly StreamEntry[]> {
    const entries: StreamEntry[] = []
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

  /** Takes over up to `BATCH` entries that whoever read them has not removed in time. */
  async claim(team: string): Promise<readonly StreamEntry[]> {
    const { rows } = teamKeys(team)
    const args = [rows, GROUP, this.#consumer, CLAIM_AFTER_MS, '0', 'COUNT', BATCH]
    return entriesIn(listIn(await this.#inGroup(rows, 'XAUTOCLAIM', args))[1])
  }

  /** Keeps rows that Postgres rejects in a stream of their own. */
  async setAside(team: string, refused: readonly Refused[]): Promise<void> {
    const aside = teamKeys(team).refused
    for (const { row, why } of refused)
      await this.#redis.command('XADD', [aside, '*', 'row', row, 'why', why])
  }

  /** Removes entries for good, in several steps; to repeat one does nothing. */
  async remove(team: string, entries: readonly StreamEntry[]): Promise<void> {
    const { rows } = teamKeys(team)
    for (let from = 0; from < entries.length; from += AT_ONCE) {
      const ids = entries.slice(from, from + AT_ONCE).map(({ id }) => id)
      await this.#redis.command('XACK', [rows, GROUP, ...ids])
      await this.#redis.command('XDEL', [rows, ...ids])
    }
  }

  async #readSome(team: string): Promise<readonly StreamEntry[]> {
    const { rows } = teamKeys(team)
    const args = ['GROUP', GROUP, this.#consumer, 'COUNT', AT_ONCE, 'STREAMS', rows, '>']
    const [stream] = listIn(await this.#inGroup(rows, 'XREADGROUP', args))
    return entriesIn(listIn(stream)[1])
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

/**
 * Parses stream entries: an id and a flat list of names and values. Entries deleted in the meantime have no
 * list.
 */
function entriesIn(reply: Reply | undefined): readonly StreamEntry[] {
  return listIn(reply).flatMap((each) => {
    const [id, fields] = listIn(each)
    const list = textsIn(fields)
    const field = (name: string) => list[list.indexOf(name) + 1] ?? ''
    if (list.length === 0) return []
    return [
      { id: String(id), row: field('row'), cost: field('cost'), held: field('held'), epoch: field('epoch') },
    ]
  })
}
