import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { systemClock } from '../../../src/base/clock.ts'
import type { StoreFailurePolicy } from '../../../src/limits/limiter.ts'
import { isFull, type Limiter, type Subject } from '../../../src/limits/limiter.ts'
import { createMemoryLimiter } from '../../../src/limits/memory/limiter.ts'
import { createRedisLimiter } from '../../../src/limits/redis/limiter.ts'
import type { RedisConnection } from '../../../src/redis/connection.ts'
import { eventually } from '../../support/eventually.ts'
import { startRedisCluster } from '../../support/redis-cluster.ts'
import { connected, isWell } from '../../support/redis-connection.ts'
import { without } from '../../support/stores.ts'

/** Each on a node of its own. */
const [LOST, SERVED] = ['a', 'b'].map((team): readonly Subject[] => [
  { id: `team:${team}`, limits: { requestsPerMinute: 8, tokensPerMinute: 100, concurrent: 10 } },
])

function limiterOf(redis: RedisConnection, policy: StoreFailurePolicy): Limiter {
  const onStoreFailure = { requests: policy, tokens: policy, concurrent: policy }
  return createRedisLimiter({ redis, local: createMemoryLimiter(systemClock), onStoreFailure, leaseMs: 900 })
}

suite('limits while one node of a cluster is away', { skip: without.redis }, () => {
  test('follow their policy for that node’s teams, and Redis for all others', async (t) => {
    assert.ok(LOST && SERVED)
    const cluster = await startRedisCluster()
    t.after(() => cluster.dispose())
    const redis = await connected(cluster.urls)
    const [careful, generous] = [limiterOf(redis, 'refuse'), limiterOf(redis, 'allow_within_local_share')]
    t.after(async () => {
      await careful.close()
      await generous.close()
      await redis.close()
    })
    assert.ok(!isFull(await generous.admit(LOST)))
    assert.ok(!isFull(await careful.admit(SERVED)))
    await cluster.ownerOf('{a}').kill()
    await eventually(() => !isWell(redis) || undefined)

    const began = performance.now()
    await assert.rejects(careful.admit(LOST), { message: 'store_unavailable' })
    for (let admitted = 1; admitted < 4; admitted += 1) {
      const slot = await generous.admit(LOST)
      assert.ok(!isFull(slot), 'the half of one of two replicas, in which what it admitted before counts')
      slot.end(0)
    }
    assert.ok(isFull(await generous.admit(LOST)))
    assert.ok(performance.now() - began < 500, 'at once; the rest is this machine’s')
    for (let admitted = 1; admitted < 8; admitted += 1) {
      const by = admitted % 2 === 0 ? careful : generous
      const slot = await eventuallyAdmitted(by)
      slot.end(10)
    }
    assert.ok(isFull(await careful.admit(SERVED)), 'counted for both in the node that has it')
    assert.ok(careful.health().ok, 'whoever is served by the other nodes is to be sent here')
  })
})

/** Retries, since the machine may be busy for longer than a deadline, which is not under test here. */
async function eventuallyAdmitted(limiter: Limiter) {
  for (;;) {
    const slot = await limiter.admit(SERVED ?? []).catch(() => undefined)
    if (slot !== undefined) {
      assert.ok(!isFull(slot))
      return slot
    }
    await sleep(5)
  }
}
