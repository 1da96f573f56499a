import type { Clock } from '../../src/base/clock.ts'
import type { Limiter } from '../../src/limits/limiter.ts'
import { createMemoryLimiter } from '../../src/limits/memory/limiter.ts'
import { createRedisLimiter } from '../../src/limits/redis/limiter.ts'
import type { RedisConnection } from '../../src/redis/connection.ts'

/** A Redis limiter that goes by a clock of the test, on an emptied Redis: each call tells Redis the time first. */
export async function clockedLimiter(redis: RedisConnection, clock: Clock): Promise<Limiter> {
  await redis.command('FLUSHALL', [])
  const told: RedisConnection = {
    run(...call) {
      redis.command('SET', ['now', clock.elapsed()]).catch(() => {})
      return redis.run(...call)
    },
    command: (...call) => redis.command(...call),
    health: () => redis.health(),
    onReady: (listener) => redis.onReady(listener),
    close: () => redis.close(),
  }
  const onStoreFailure = { requests: 'refuse', tokens: 'refuse', concurrent: 'refuse' } as const
  const now = `tonumber(redis.call('GET', 'now'))`
  return createRedisLimiter({ redis: told, local: createMemoryLimiter(clock), onStoreFailure, now })
}
