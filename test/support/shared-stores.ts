import pg from 'pg'
import { systemClock } from '../../src/base/clock.ts'
import type { Budget } from '../../src/budget/ledger.ts'
import { openSharedBooks, type SharedBooks } from '../../src/budget/redis-postgres/books.ts'
import { connect } from '../../src/redis/connect.ts'
import { redisCall } from './redis-call.ts'
import { type RedisOptions, type Store, startPostgres, startRedis, without } from './stores.ts'

/** Why tests of the shared ledger are skipped; false where both servers are here. */
export const withoutShared = without.redis || without.postgres

/** Both servers, for a file's tests. */
export interface SharedStores {
  readonly redis: Store
  readonly postgres: Store
  /** Another replica on them. `leaseMs`: short, so that tests need not wait. */
  open(options?: ReplicaOptions): Promise<Replica>
  query(sql: string, values?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>
  /** A command to Redis, as its own client would send it. */
  redisCall(...words: readonly string[]): Promise<string>
  /** Both as they were at the start. */
  empty(): Promise<void>
  dispose(): Promise<void>
}

/** `close` also ends its connections. */
export type Replica = SharedBooks & { close(): Promise<void> }

export interface ReplicaOptions {
  readonly now?: () => number
  readonly budgets?: readonly Budget[]
  readonly leaseMs?: number
  /** Tests of something else than deadlines have patience with a busy machine. */
  readonly deadlineMs?: number
}

export async function startSharedStores(options: RedisOptions = {}): Promise<SharedStores> {
  const [redis, postgres] = await Promise.all([startRedis(options), startPostgres()])
  const query = async (sql: string, values: readonly unknown[] = []) => {
    const client = new pg.Client(postgres.url)
    client.on('error', () => undefined)
    await client.connect()
    try {
      return (await client.query<Record<string, unknown>>(sql, [...values])).rows ?? []
    } finally {
      await client.end()
    }
  }
  return {
    redis,
    postgres,
    open: async ({ now = systemClock.now, budgets = [], leaseMs = 600, deadlineMs = 5_000 } = {}) => {
      const connection = connect(redis.url, { deadlineMs })
      const moving = connect(redis.url, { deadlineMs: 5_000, silenceMs: 10_000 })
      const books = await openSharedBooks(postgres.url, {
        redis: connection,
        moving,
        clock: { ...systemClock, now },
        budgets: () => budgets,
        log: { warn: () => undefined },
        leaseMs,
      })
      const close = async () => {
        await books.ledger.close()
        await Promise.all([connection.close(), moving.close()])
      }
      return { ...books, close }
    },
    query,
    redisCall: (...words) => redisCall(redis.port, words),
    empty: async () => {
      await redisCall(redis.port, ['FLUSHALL'])
      await query('DROP SCHEMA public CASCADE; CREATE SCHEMA public')
    },
    dispose: async () => {
      await redis.dispose()
      await postgres.dispose()
    },
  }
}
