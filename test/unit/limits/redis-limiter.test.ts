import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { systemClock } from '../../../src/base/clock.ts'
import { type Full, isFull, type Limiter, type Slot, type Subject } from '../../../src/limits/limiter.ts'
import { createMemoryLimiter } from '../../../src/limits/memory/limiter.ts'
import { createRedisLimiter } from '../../../src/limits/redis/limiter.ts'
import { keysOf } from '../../../src/limits/redis/subject-keys.ts'
import type { RedisConnection } from '../../../src/redis/connection.ts'
import { StoreUnavailable } from '../../../src/redis/store-unavailable.ts'
import { steppedClock } from '../../contract/limiter.ts'
import { clockedLimiter } from '../../support/clocked-limiter.ts'
import { eventually } from '../../support/eventually.ts'
import { connected } from '../../support/redis-connection.ts'
import { type Store, startRedis, without } from '../../support/stores.ts'

const REFUSE = { requests: 'refuse', tokens: 'refuse', concurrent: 'refuse' } as const
const PATIENT = { deadlineMs: 5_000 }

const step = fc.record({
  gap: fc.oneof(fc.constant(0), fc.nat(3_000), fc.integer({ min: 20_000, max: 61_000 })),
  key: fc.constantFrom('a', 'b'),
  most: fc.integer({ min: 1, max: 90 }),
  least: fc.integer({ min: 1, max: 90 }),
  end: fc.constantFrom('end', 'give back', 'take again', 'later'),
  used: fc.nat(100),
})

suite('the Redis limiter', { skip: without.redis }, () => {
  let server: Store
  let redis: RedisConnection
  before(async () => {
    server = await startRedis()
    redis = await connected(server.url, PATIENT)
  })
  after(async () => {
    await redis.close()
    await server.dispose()
  })

  function limiterOf(connection: RedisConnection, leaseMs?: number): Limiter {
    const local = createMemoryLimiter(systemClock)
    return createRedisLimiter({
      redis: connection,
      local,
      onStoreFailure: REFUSE,
      ...(leaseMs !== undefined && { leaseMs }),
    })
  }

  test('decides as the in-memory limiter does, whatever happens', async () => {
    const property = fc.asyncProperty(fc.array(step, { maxLength: 50 }), async (steps) => {
      const clock = steppedClock()
      // Fake minutes pass instantly, yet a lease would end in them; the contract tests compare slots instead.
      const pair = [createMemoryLimiter(clock), await clockedLimiter(redis, clock)] as const
      const open: (readonly [Slot, Slot])[] = []
      for (const { gap, key, most, least, end, used } of steps) {
        clock.advance(gap)
        const subjects = [
          { id: 'team:r', limits: { requestsPerMinute: 12, tokensPerMinute: 300 } },
          { id: `key:r/${key}`, limits: { requestsPerMinute: 7, tokensPerMinute: 120 } },
        ]
        const [one, other] = await Promise.all([pair[0].admit(subjects), pair[1].admit(subjects)])
        if (isFull(one) || isFull(other)) {
          assert.deepEqual(rounded(other), rounded(one))
          continue
        }
        assert.deepEqual(statesOf(other), statesOf(one))
        for (const times of end === 'take again' ? [1, 2] : [1]) {
          const ask = { atMost: times * Math.max(most, least), atLeast: times * Math.min(most, least) }
          const [taken, same]: readonly (number | Full)[] = await Promise.all([
            one.takeTokens(ask),
            other.takeTokens(ask),
          ])
          assert.deepEqual(rounded(same), rounded(taken))
          if (typeof taken === 'number') assert.deepEqual(statesOf(other), statesOf(one))
        }
        if (end === 'later') open.push([one, other])
        const ending = end === 'later' ? (open.length > 3 ? open.shift() : undefined) : [one, other]
        for (const slot of ending ?? []) {
          if (end === 'give back') slot.giveBack()
          else slot.end(used)
        }
      }
      await pair[1].close()
    })
    await fc.assert(property, { numRuns: 60 })
  })

  test('frees a dead replica’s slots within one lease, and keeps those of a living one', async () => {
    await redis.command('FLUSHALL', [])
    const team = [{ id: 'team:r', limits: { concurrent: 2 } }]
    const dying = await connected(server.url, PATIENT)
    const [dead, alive] = [limiterOf(dying, 600), limiterOf(redis, 600)]
    assert.ok(!isFull(await dead.admit(team)))
    const kept = await alive.admit(team)
    assert.ok(!isFull(kept))
    await dying.close()
    const died = performance.now()
    assert.ok(isFull(await alive.admit(team)))
    while (isFull(await alive.admit(team))) await sleep(10)
    const freed = performance.now() - died
    assert.ok(freed < 700, `${freed} ms`)
    await sleep(900)
    assert.ok(isFull(await alive.admit(team)), 'two leases later both slots are still held')
    await alive.close()
  })

  test('reclaims its slots when Redis has lost its data', async () => {
    const team = [{ id: 'team:r', limits: { concurrent: 1 } }]
    const own = await connected(server.url, PATIENT)
    const limiter = limiterOf(own)
    await redis.command('FLUSHALL', [])
    const slot = await limiter.admit(team)
    assert.ok(!isFull(slot))
    await server.kill()
    await server.start()
    await eventually(() => own.health().ok || undefined)
    assert.ok(isFull(await limiter.admit(team)), 'a Redis that was emptied has the slot again at once')
    slot.end(0)
    assert.ok(!isFull(await limiter.admit(team)))
    await limiter.close()
    await own.close()
    await eventually(() => redis.health().ok || undefined)
  })

  test('enforces key and team limits across three replicas that ask at once', async () => {
    await redis.command('FLUSHALL', [])
    const connections = await Promise.all([1, 2, 3].map(() => connected(server.url, PATIENT)))
    const replicas = connections.map((connection) => limiterOf(connection))
    const subjects = (key: number): readonly Subject[] => [
      { id: 'team:r', limits: { requestsPerMinute: 500, tokensPerMinute: 30_000, concurrent: 400 } },
      { id: `key:r/${key}`, limits: { requestsPerMinute: 120 } },
    ]
    const outcomes = await Promise.all(
      Array.from({ length: 1_500 }, async (_, index) => {
        const key = index % 5
        const slot = await replicas[index % 3]?.admit(subjects(key))
        assert.ok(slot !== undefined)
        if (isFull(slot)) return 0
        const taken = await slot.takeTokens({ atMost: 100, atLeast: 100 })
        if (isFull(taken)) slot.giveBack()
        return isFull(taken) ? 0 : taken
      }),
    )
    assert.equal(
      outcomes.reduce((sum, taken) => sum + taken, 0),
      30_000,
      'as many tokens as the limit, and not one more',
    )
    assert.equal(outcomes.filter((taken) => taken > 0).length, 300)
    for (const replica of replicas) await replica.close()
    for (const connection of connections) await connection.close()
  })

  test('gives back what a late reply admitted after the request had been refused', async () => {
    await redis.command('FLUSHALL', [])
    let loses = false
    const lossy: RedisConnection = {
      async run(script, keys, args, onLate) {
        const reply = await redis.run(script, keys, args)
        if (!loses) return reply
        setImmediate(() => onLate?.(reply))
        throw new StoreUnavailable('the answer is late')
      },
      command: (...call) => redis.command(...call),
      health: () => redis.health(),
      onReady: (listener) => redis.onReady(listener),
      close: () => redis.close(),
    }
    const limiter = limiterOf(lossy)
    const team = [{ id: 'team:r', limits: { requestsPerMinute: 5, tokensPerMinute: 100, concurrent: 1 } }]
    loses = true
    await assert.rejects(limiter.admit(team), /store_unavailable/)
    loses = false
    await sleep(20)
    const slot = await limiter.admit(team)
    assert.ok(!isFull(slot))
    assert.equal(slot.state('requests')?.remaining, 4)
    loses = true
    await assert.rejects(async () => slot.takeTokens({ atMost: 80, atLeast: 80 }), /store_unavailable/)
    loses = false
    await sleep(20)
    slot.end(30)
    const next = await limiter.admit(team)
    assert.ok(!isFull(next))
    assert.equal(next.state('tokens')?.remaining, 70)
    await limiter.close()
  })

  // The script used to fail halfway: the windows before that key had given back what the request had taken.
  test('a request that takes again and meets a key of the wrong type keeps what it had taken', async () => {
    const limiter = limiterOf(redis)
    const team = { id: 'team:w', limits: { tokensPerMinute: 1_000 } }
    const key = { id: 'key:w/ci', limits: { tokensPerMinute: 1_000 } }
    const slot = await limiter.admit([team, key])
    assert.ok(!isFull(slot))
    assert.equal(await slot.takeTokens({ atMost: 400, atLeast: 400 }), 400)
    const { tokens } = keysOf(key)
    await redis.command('DEL', [tokens])
    await redis.command('LPUSH', [tokens, 'foreign'])
    await assert.rejects(async () => slot.takeTokens({ atMost: 500, atLeast: 500 }), /store_unavailable/)
    const next = await limiter.admit([team])
    assert.ok(!isFull(next))
    assert.equal(next.state('tokens')?.remaining, 600)
    await limiter.close()
  })
})

/** Redis answers whole milliseconds, rounded up. */
function rounded(outcome: object | number | undefined): unknown {
  if (outcome === undefined || !isFull(outcome)) return outcome
  return { ...outcome, retryAfterMs: Math.ceil(outcome.retryAfterMs) }
}

function statesOf(slot: Slot): readonly unknown[] {
  return (['requests', 'tokens'] as const).map((kind) => {
    const state = slot.state(kind)
    return state && { ...state, resetMs: Math.ceil(state.resetMs) }
  })
}
