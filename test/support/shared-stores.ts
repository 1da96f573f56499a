import pg from 'pg'
import { systemClock } from '../../src/base/clock.ts'
import type { Budget } from '../../src/budget/budget.ts'
import { openSharedBooks, type SharedBooks } from '../../src/ledger/redis-postgres/books.ts'
import { connect } from '../../src/redis/connect.ts'
import { redisCall } from './redis-call.ts'
import { type RedisClusterStore, startRedisCluster } from './redis-cluster.ts'
import { allOrNone } from './store-process.ts'
import { type RedisOptions, type Store, startPostgres, startRedis, without } from './stores.ts'

/** Why tests of the shared ledger are skipped; false if both servers are available. */
export const withoutShared = without.redis || without.postgres

/** The stores replicas share, for one file's tests. */
interface Stores {
  readonly postgres: Store
  /** Opens another replica on them. `leaseMs`: short, so that tests need not wait. */
  open(options?: ReplicaOptions): Promise<Replica>
  query(sql: string, values?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>
  /** Resets both stores to their initial state. */
  empty(): Promise<void>
  dispose(): Promise<void>
}

/** With one Redis. */
export interface SharedStores extends Stores {
  readonly redis: Store
  /** Sends a command to Redis like its own client. */
  redisCall(...words: readonly string[]): Promise<string>
}

/** With a cluster in place of the single Redis. */
export interface ClusteredStores extends Stores {
  readonly cluster: RedisClusterStore
}

/** `close` also closes its connections. */
export type Replica = SharedBooks & { close(): Promise<void> }

export interface ReplicaOptions {
  readonly now?: () => number
  readonly budgets?: readonly Budget[]
  readonly leaseMs?: number
  /** Tests that are not about deadlines are patient with a busy machine. */
  readonly deadlineMs?: number
}

export async function startSharedStores(options: RedisOptions = {}): Promise<SharedStores> {
  const [redis, postgres] = await allOrNone([startRedis(options), startPostgres()])
  const call = (...words: readonly string[]) => redisCall(redis.port, words)
  const empty = () => call('FLUSHALL')
  return {
    ...storesOn(postgres, { address: redis.url, empty, dispose: redis.dispose }),
    redis,
    redisCall: call,
  }
}

export async function startClusteredStores(
  options: Pick<RedisOptions, 'persistence'> = {},
): Promise<ClusteredStores> {
  const [cluster, postgres] = await allOrNone([startRedisCluster(options), startPostgres()])
  return { ...storesOn(postgres, { ...cluster, address: cluster.urls }), cluster }
}

interface Redis {
  readonly address: string | readonly string[]
  empty(): Promise<unknown>
  dispose(): Promise<void>
}

function storesOn(postgres: Store, redis: Redis): Stores {
  // Tests query often, and each new connection costs Postgres a process.
  const pool = new pg.Pool({ connectionString: postgres.url, max: 4 })
  pool.on('error', () => undefined)
  const query = async (sql: string, values: readonly unknown[] = []) =>
    (await pool.query<Record<string, unknown>>(sql, [...values])).rows ?? []
  return {
    postgres,
    open: async ({ now = systemClock.now, budgets = [], leaseMs = 600, deadlineMs = 5_000 } = {}) => {
      const connection = connect(redis.address, { deadlineMs })
      const moving = connect(redis.address, { deadlineMs: 5_000, silenceMs: 10_000 })
      const books = await openSharedBooks(postgres.url, {
        redis: connection,
        moving,
        clock: { ...systemClock, now },
        budgets: () => budgets,
        log: { info: () => undefined, warn: () => undefined },
        leaseMs,
        loadPatienceMs: deadlineMs,
      })
      const close = async () => {
        await books.close()
        await Promise.all([connection.close(), moving.close()])
      }
      return { ...books, close }
    },
    query,
    empty: async () => {
      await redis.empty()
      await query('DROP SCHEMA public CASCADE; CREATE SCHEMA public')
    },
    dispose: async () => {
      await Promise.all([redis.dispose(), pool.end()])
      await postgres.dispose()
    },
  }
}
