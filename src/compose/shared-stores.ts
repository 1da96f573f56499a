import type { SharedStoreSettings } from '../config/process-settings.ts'
import { openSharedBooks } from '../ledger/redis-postgres/books.ts'
import { openPostgresViews } from '../ledger/redis-postgres/views/postgres-views.ts'
import { createMemoryLimiter } from '../limits/memory/limiter.ts'
import { createRedisLimiter } from '../limits/redis/limiter.ts'
import { connect } from '../redis/connect.ts'
import { untilReady } from '../redis/until-ready.ts'
import type { StoreParts, Stores } from './stores.ts'

/**
 * Opens the stores that replicas share. Moving rows uses a second Redis connection, so no decision queues
 * behind its slow replies. Throws as `openStores` does.
 */
export async function shareStores(shared: SharedStoreSettings, parts: StoreParts): Promise<Stores> {
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
    return { ...books, areShared: true, lastMoments: [], limiter, views, close }
  } catch (error) {
    await disconnect()
    throw error
  }
}
