import { after, before } from 'node:test'
import type { RedisConnection } from '../../src/redis/connection.ts'
import { clockedLimiter } from '../support/clocked-limiter.ts'
import { connected } from '../support/redis-connection.ts'
import { type Store, startRedis, without } from '../support/stores.ts'
import { limiterContract } from './limiter.ts'

let server: Store
let redis: RedisConnection

before(async () => {
  if (without.redis) return
  server = await startRedis()
  // A store that is slow on a busy machine must not count as away.
  redis = await connected(server.url, { deadlineMs: 5_000 })
})

after(async () => {
  await redis?.close()
  await server?.dispose()
})

limiterContract('redis', (clock) => clockedLimiter(redis, clock), { skip: without.redis })
