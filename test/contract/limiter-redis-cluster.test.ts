import { after, before } from 'node:test'
import type { RedisConnection } from '../../src/redis/connection.ts'
import { clockedLimiter } from '../support/clocked-limiter.ts'
import { type RedisClusterStore, startRedisCluster } from '../support/redis-cluster.ts'
import { connected } from '../support/redis-connection.ts'
import { without } from '../support/stores.ts'
import { limiterContract } from './limiter.ts'

let cluster: RedisClusterStore
let redis: RedisConnection

before(async () => {
  if (without.redis) return
  cluster = await startRedisCluster()
  // A store that is slow on a busy machine must not count as away.
  redis = await connected(cluster.urls, { deadlineMs: 5_000 })
})

after(async () => {
  await redis?.close()
  await cluster?.dispose()
})

limiterContract('redis cluster', (clock) => clockedLimiter(redis, clock, cluster.empty), {
  skip: without.redis,
})
