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

/** Where money, rows and limits are kept. */
export interface Stores
  extends Pick<
    Books,
    'ledger' | 'raiseLog' | 'auditLog' | 'endedSessions' | 'alertBook' | 'answerBook' | 'lastMoments'
  > {
  readonly limiter: Limiter
  /** Looks into the ledger that hold up no request. */
  readonly views: LedgerViews
  close(): Promise<void>
}

type StoreParts = Pick<SharedLedgerOptions, 'clock' | 'budgets'> & UpkeepOptions

/**
 * In a file and this process' memory, or in stores that replicas share. Throws a `StoreError`, and where Redis is not
 * what it must be, `Misaddressed` or `StoreUnavailable`; whatever was opened by then is closed again.
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

/** Moving rows has a connection of its own: no decision waits behind its long answers. */
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
    // Other replicas look at every budget again and again: nothing is left untold.
    return { ...books, lastMoments: [], limiter, views, close }
  } catch (error) {
    await disconnect()
    throw error
  }
}
