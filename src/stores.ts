import { openSharedBooks } from './budget/redis-postgres/books.ts'
import type { SharedLedgerOptions } from './budget/redis-postgres/ledger.ts'
import { openPostgresViews } from './budget/redis-postgres/views/postgres-views.ts'
import type { UpkeepOptions } from './budget/retention.ts'
import { type Books, openBooks } from './budget/sqlite/books.ts'
import { createThreadedViews } from './budget/sqlite/views/threaded-views.ts'
import type { LedgerViews } from './budget/views.ts'
import type { ProcessSettings, SharedStoreSettings } from './config/process-settings.ts'
import type { Limiter } from './limits/limiter.ts'
import { createMemoryLimiter } from './limits/memory/limiter.ts'
import { createRedisLimiter } from './limits/redis/limiter.ts'
import { connect } from './redis/connect.ts'
import { untilReady } from './redis/until-ready.ts'

/** Storage for money, rows and limits. */
export interface Stores
  extends Pick<
    Books,
    'ledger' | 'raiseLog' | 'auditLog' | 'endedSessions' | 'alertBook' | 'answerBook' | 'lastMoments'
  > {
  readonly limiter: Limiter
  /** Read views of the ledger; querying them never blocks a request. */
  readonly views: LedgerViews
  close(): Promise<void>
}

type StoreParts = Pick<SharedLedgerOptions, 'clock' | 'budgets'> & UpkeepOptions

/**
 * Opens a SQLite file with in-memory limits, or the stores that replicas share. Throws `StoreError`, or
 * `Misaddressed` or `StoreUnavailable` for a wrong or unreachable Redis, after closing whatever it had
 * opened.
 */
export async function openStores(settings: ProcessSettings, parts: StoreParts): Promise<Stores> {
  if (settings.sharedStore !== undefined) return shareStores(settings.sharedStore, parts)
  const books = openBooks(settings.storeFile, parts)
  const limiter = createMemoryLimiter(parts.clock)
  const views = createThreadedViews(settings.storeFile)
  const close = async () => {
    await views.close()
    await books.answerBook.close()
    await books.ledger.close()
    await limiter.close()
  }
  return { ...books, limiter, views, close }
}

/** Moving rows uses a second Redis connection, so no decision queues behind its slow replies. */
async function shareStores(shared: SharedStoreSettings, parts: StoreParts): Promise<Stores> {
  const redis = connect(shared.redis)
  const moving = connect(shared.redis, { deadlineMs: 5_000, silenceMs: 10_000 })
  const disconnect = () => Promise.all([redis.close(), moving.close()])
  try {
    await untilReady(redis)
    const books = await openSharedBooks(shared.postgres, { ...parts, redis, moving, upkeep: parts })
    const views = await openPostgresViews(shared.postgres)
    const limiter = createRedisLimiter({
      redis,
      local: createMemoryLimiter(parts.clock),
      onStoreFailure: shared.onStoreFailure,
    })
    const close = async () => {
      await Promise.all([views.close(), books.close()])
      await limiter.close()
      await disconnect()
    }
    // Other replicas keep checking every budget, so no threshold crossing goes unreported.
    return { ...books, lastMoments: [], limiter, views, close }
  } catch (error) {
    await disconnect()
    throw error
  }
}
