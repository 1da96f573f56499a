import type { Clock } from '../../src/base/clock.ts'
import type { Limiter } from '../../src/limits/limiter.ts'
import { createMemoryLimiter } from '../../src/limits/memory/limiter.ts'
import { createRedisLimiter } from '../../src/limits/redis/limiter.ts'
import type { RedisConnection } from '../../src/redis/connection.ts'

/** A Redis limiter driven by the test's clock, on an empty Redis: each call first sets the time in Redis. */
export async function clockedLimiter(
  redis: RedisConnection,
  clock: Clock,
  empty: () => Promise<unknown> = () => redis.command('FLUSHALL', []),
): Promise<Limiter> {
  await empty()
  const told: RedisConnection = {
    run(script, keys, ...rest) {
      redis.command('SET', [clockKey(keys[0] ?? ''), clock.elapsed()]).catch(() => {})
      return redis.run(script, keys, ...rest)
    },
    command: (...call) => redis.command(...call),
    health: () => redis.health(),
    onReady: (listener) => redis.onReady(listener),
    close: () => redis.close(),
  }
  const onStoreFailure = { requests: 'refuse', tokens: 'refuse', concurrent: 'refuse' } as const
  const now = `tonumber(redis.call('GET', 'now:{' .. (string.match(KEYS[1], '{(.-)}') or KEYS[1]) .. '}'))`
  return createRedisLimiter({ redis: told, local: createMemoryLimiter(clock), onStoreFailure, now })
}

/**
 * The key of the time for calls about a key: in the same slot, so that in a cluster the same node has both.
 */
function clockKey(key: string): string {
  return `now:{${/\{(.*?)\}/.exec(key)?.[1] ?? key}}`
}
