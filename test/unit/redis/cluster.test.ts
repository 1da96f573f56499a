import assert from 'node:assert/strict'
import { after, before, beforeEach, suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { slotOf } from '../../../src/redis/cluster/slot.ts'
import type { RedisConnection, Reply } from '../../../src/redis/connection.ts'
import { script } from '../../../src/redis/script.ts'
import { StoreUnavailable } from '../../../src/redis/store-unavailable.ts'
import { eventually } from '../../support/eventually.ts'
import { type RedisClusterStore, startRedisCluster } from '../../support/redis-cluster.ts'
import { connected, isWell } from '../../support/redis-connection.ts'
import { without } from '../../support/stores.ts'

const increment = script(`return redis.call('INCRBY', KEYS[1], ARGV[1])`)
/** One key on each of three nodes. */
const KEYS = ['{b}', '{c}', '{a}'] as const

test('a key’s slot is the one the Redis Cluster specification gives', () => {
  assert.equal(slotOf('123456789'), 0x31c3)
  assert.equal(slotOf('trivium:{research}:state'), slotOf('research'))
  assert.notEqual(slotOf('{}research'), slotOf('research'), 'nothing between the braces is no tag')
  assert.equal(slotOf('{{research}}'), slotOf('{research'))
})

suite('a connection to a cluster', { skip: without.redis }, () => {
  let cluster: RedisClusterStore
  let connection: RedisConnection
  before(async () => {
    cluster = await startRedisCluster()
    // A long deadline, so that a machine busy with other tests is not taken for a silent Redis. One node
    // names the rest.
    connection = await connected(cluster.urls.slice(0, 1), { deadlineMs: 5_000 })
  })
  after(async () => {
    await connection.close()
    await cluster.dispose()
  })
  beforeEach(async () => {
    await eventually(() => isWell(connection) || undefined)
    await cluster.empty()
  })

  test('sends each call to the node that owns its key, and calls of one turn in order', async () => {
    assert.equal(new Set(KEYS.map((key) => cluster.ownerOf(key))).size, 3)
    const calls = [1, 2, 3].flatMap((by) => KEYS.map((key) => connection.run(increment, [key], [by])))
    assert.deepEqual(await Promise.all(calls), [1, 1, 1, 3, 3, 3, 6, 6, 6])
    assert.equal(await connection.command('GET', [KEYS[1]]), '6')
  })

  test('a frozen node delays only calls for its own keys', async () => {
    const quick = await connected(cluster.urls)
    const [frozen, ...others] = KEYS
    const node = cluster.ownerOf(frozen)
    node.freeze()
    const began = performance.now()
    await assert.rejects(quick.run(increment, [frozen], [1]), StoreUnavailable)
    assert.ok(performance.now() - began < 500)
    for (const key of others) {
      await eventually(() => quick.run(increment, [key], [1]).then(Boolean, () => undefined))
    }
    const health = quick.health()
    assert.match(
      (health.ok && health.warning) || '',
      /^of 3 cluster nodes not all serve: 127\.0\.0\.1:\d+: no answer/,
    )
    node.thaw()
    await eventually(() => isWell(quick) || undefined)
    await quick.close()
  })

  test('counts every call once while a slot moves between nodes, and finds the slot afterwards', async () => {
    const key = 'trivium:{b}:counted'
    const [, to] = KEYS.map((each) => cluster.ownerOf(each))
    assert.ok(to !== undefined && to !== cluster.ownerOf(key))
    let counted = 0
    let moving = true
    const count = async () => {
      while (moving) {
        const reply = await connection.run(increment, [key], [1]).catch(unlessAway)
        if (reply !== undefined) counted += 1
        await sleep(1)
      }
    }
    const counting = count()
    await eventually(() => counted > 10 || undefined)
    await connection.command('SET', ['trivium:{b}:second', 'x'])
    await cluster.moveSlot(slotOf(key), to, async () => {
      const before = counted
      await eventually(() => counted > before + 10 || undefined)
      const both = script(`return redis.call('MGET', KEYS[1], KEYS[2])`)
      await assert.rejects(
        connection.run(both, [key, 'trivium:{b}:second'], []),
        StoreUnavailable,
        'a slot that is half here and half there serves nothing that needs both',
      )
    })
    const before = counted
    await eventually(() => counted > before + 10 || undefined)
    moving = false
    await counting
    assert.equal(Number(await connection.command('GET', [key])), counted)
    const late = await connected(cluster.urls)
    assert.equal(Number(await late.command('GET', [key])), counted)
    await late.close()
  })

  test('hands a reply that arrives late after a redirection to the caller that gave up on it', async () => {
    const key = '{late}'
    const slow = script(`
      local until_ms = now_ms + 120
      repeat local t = redis.call('TIME') until t[1] * 1000 + t[2] / 1000 > until_ms
      return redis.call('INCR', KEYS[1])`)
    const quick = await connected(cluster.urls)
    const to = cluster.nodes.find((node) => node !== cluster.ownerOf(key))
    assert.ok(to)
    await connection.command('SET', [key, '41'])
    await cluster.moveSlot(slotOf(key), to)
    const late: Reply[] = []
    await assert.rejects(
      quick.run(slow, [key], [], (reply) => late.push(reply)),
      StoreUnavailable,
    )
    assert.deepEqual(await eventually(() => (late.length > 0 ? late : undefined)), [42])
    await quick.close()
  })

  test('finds the replica that took over from a dead node', async () => {
    const key = KEYS[2]
    const master = cluster.ownerOf(key)
    await cluster.addCopyOf(master)
    await connection.run(increment, [key], [1])
    let joined = 0
    connection.onReady(() => {
      joined += 1
    })
    await master.kill()
    await eventually(() => !isWell(connection) || undefined)
    await assert.rejects(connection.run(increment, [key], [1]), StoreUnavailable)
    await eventually(() => isWell(connection) || undefined)
    assert.ok(Number(await connection.run(increment, [key], [1])) > 0)
    // Holders of leases on that node renew them when told.
    await eventually(() => joined > 0 || undefined)
  })
})

function unlessAway(error: unknown): undefined {
  assert.ok(error instanceof StoreUnavailable, String(error))
}
