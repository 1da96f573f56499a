import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { after, before, beforeEach, suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from '../../../src/redis/connect.ts'
import type { RedisConnection, Reply } from '../../../src/redis/connection.ts'
import { script } from '../../../src/redis/script.ts'
import { StoreUnavailable } from '../../../src/redis/store-unavailable.ts'
import { eventually } from '../../support/eventually.ts'
import { connected } from '../../support/redis-connection.ts'
import { type Store, startRedis, without } from '../../support/stores.ts'

const increment = script(`return redis.call('INCRBY', KEYS[1], ARGV[1])`)

suite('a connection to Redis', { skip: without.redis }, () => {
  let redis: Store
  let connection: RedisConnection
  before(async () => {
    redis = await startRedis()
    // A long deadline, so that a machine busy with other tests is not taken for a silent Redis.
    connection = await connected(redis.url, { deadlineMs: 5_000 })
  })
  after(async () => {
    await connection.close()
    await redis.dispose()
  })
  beforeEach(async () => {
    await eventually(() => connection.health().ok || undefined)
    await connection.command('FLUSHALL', [])
  })

  test('runs the calls of one turn in order', async () => {
    const replies = await Promise.all([1, 2, 3, 4].map((by) => connection.run(increment, ['a'], [by])))
    assert.deepEqual(replies, [1, 3, 6, 10])
  })

  test('loads a script that Redis does not know or has forgotten', async () => {
    for (let round = 0; round < 2; round += 1) {
      await connection.command('SCRIPT', ['FLUSH'])
      const replies = await Promise.all([1, 1, 1].map((by) => connection.run(increment, [`${round}`], [by])))
      assert.deepEqual(replies, [1, 2, 3])
    }
  })

  test('refuses calls that hit a foreign key, names it in its health, and serves everything else', async () => {
    await connection.command('SADD', ['trivium:{a}:counted', 'x'])
    const counted = (team: string) => connection.run(increment, [`trivium:{${team}}:counted`], [1])
    const [foreign, ours] = await Promise.allSettled([counted('a'), counted('b')])
    assert.ok(foreign?.status === 'rejected' && foreign.reason instanceof StoreUnavailable)
    assert.match(foreign.reason.message, /WRONGTYPE/)
    assert.deepEqual(ours, { status: 'fulfilled', value: 1 })
    const health = connection.health()
    assert.match(String(health.ok && health.warning), /^a key under trivium:\{a\} is not Trivium's/)
  })

  test('round-trips strings in any script, in lists and beside numbers and nulls', async () => {
    const words = ['', 'Grüße', '𝔘nicode 🎈', 'two\r\nlines', '$3\r\n']
    const echo = script(`return {KEYS[1], {ARGV[1], ARGV[2], {7, false}}, ARGV[3], ARGV[4]}`)
    const [key = '', ...args] = words
    assert.deepEqual(await connection.run(echo, [key], args), [
      key,
      [args[0], args[1], [7, null]],
      args[2],
      args[3],
    ])
    await Promise.all(words.map((word, place) => connection.command('SET', [place, word])))
    const told = await Promise.all(words.map((_, place) => connection.command('GET', [place])))
    assert.deepEqual(told, words)
    assert.equal(await connection.command('GET', ['none']), null)
  })

  test('passes on a script’s error and goes on serving', async () => {
    const wrong = script(`return redis.call('INCRBY', KEYS[1], 'x')`)
    const right = connection.run(increment, ['a'], [1])
    await assert.rejects(connection.run(wrong, ['a'], []), /not an integer/)
    assert.equal(await right, 1)
    assert.ok(connection.health().ok)
  })

  test('gives up on a frozen Redis, fails fast until it answers, and then serves again', async () => {
    const quick = await connected(redis.url)
    redis.freeze()
    const began = performance.now()
    await assert.rejects(quick.run(increment, ['a'], [1]), StoreUnavailable)
    const first = performance.now() - began
    await assert.rejects(quick.run(increment, ['a'], [1]), StoreUnavailable)
    const second = performance.now() - began - first
    assert.ok(first < 500 && second < 20, `${first} ms, then ${second} ms`)
    assert.deepEqual(quick.health(), { ok: false, why: 'no answer within 40 ms' })
    // Long enough that no caller can still be waiting for it.
    await sleep(400)
    redis.thaw()
    await eventually(() => quick.health().ok || undefined)
    assert.equal(await connection.run(increment, ['a'], [1]), 1, 'what was given up is never done')
    await quick.close()
  })

  test('reconnects after a long silence', async () => {
    const impatient = await connected(redis.url, { silenceMs: 100 })
    redis.freeze()
    await assert.rejects(impatient.run(increment, ['a'], [1]), StoreUnavailable)
    await sleep(600)
    redis.thaw()
    await eventually(() => impatient.health().ok || undefined)
    assert.equal(await impatient.run(increment, ['a'], [1]), 1)
    await impatient.close()
  })

  test('hands a late reply to the caller that gave up on it', async () => {
    const slow = script(`
      local until_ms = now_ms + 120
      repeat local t = redis.call('TIME') until t[1] * 1000 + t[2] / 1000 > until_ms
      return redis.call('INCR', KEYS[1])`)
    const late: Reply[] = []
    const quick = await connected(redis.url)
    await assert.rejects(
      quick.run(slow, ['a'], [], (reply) => late.push(reply)),
      StoreUnavailable,
    )
    assert.deepEqual(await eventually(() => (late.length > 0 ? late : undefined)), [1])
    await quick.close()
  })

  test('does not take its own busy event loop for a silent Redis', async () => {
    const quick = await connected(redis.url, { deadlineMs: 100 })
    const waiting = quick.run(increment, ['a'], [1])
    await new Promise(setImmediate)
    const until = performance.now() + 300
    while (performance.now() < until);
    assert.equal(await waiting, 1)
    await quick.close()
  })

  test('reconnects when Redis returns, and notifies its listeners', async () => {
    let times = 0
    connection.onReady(() => {
      times += 1
    })
    await redis.kill()
    await eventually(() => (connection.health().ok ? undefined : true))
    await assert.rejects(connection.run(increment, ['a'], [1]), /StoreUnavailable|redis: /)
    await redis.start()
    await eventually(() => connection.health().ok || undefined)
    assert.equal(times, 1)
    assert.equal(await connection.run(increment, ['a'], [1]), 1)
  })

  test('does not time out queued calls while Redis is answering others', async (t) => {
    // On a busy machine Redis may get no CPU for a while, which looks like silence.
    const quick = await connected(redis.url, { deadlineMs: 500 })
    t.after(() => quick.close())
    // Short calls: Redis replies to a connection only after running everything it read at once, some 130 calls.
    const busy = script(`
      local until_us = time[1] * 1000000 + time[2] + 110
      repeat local t = redis.call('TIME') until t[1] * 1000000 + t[2] > until_us
      return redis.call('INCR', KEYS[1])`)
    const began = performance.now()
    const replies = await Promise.all(Array.from({ length: 5_000 }, () => quick.run(busy, ['a'], [])))
    assert.equal(replies.at(-1), 5_000)
    assert.ok(performance.now() - began > 500, 'that is more than a deadline')
  })

  test('reports a full Redis as unhealthy, and as healthy once it has room', async () => {
    const write = script(`return redis.call('SET', KEYS[1], 'x')`)
    await connection.command('CONFIG', ['SET', 'maxmemory', 1])
    await assert.rejects(connection.run(write, ['a'], []), StoreUnavailable)
    const health = connection.health()
    assert.match(health.ok ? '' : health.why, /^OOM /)
    await connection.command('CONFIG', ['SET', 'maxmemory', 0])
    assert.equal(await connection.run(write, ['a'], []), 'OK')
    assert.ok(connection.health().ok)
  })

  test('waits for outstanding replies before it closes', async () => {
    const other = await connected(redis.url)
    const outstanding = other.run(increment, ['a'], [5])
    await other.close()
    assert.equal(await outstanding, 5)
    await assert.rejects(other.run(increment, ['a'], [1]), StoreUnavailable)
  })
})

test('every call fails at once on a port where nothing listens or nothing answers', async () => {
  const mute = createServer().listen(0, '127.0.0.1')
  await once(mute, 'listening')
  const address = mute.address()
  assert.ok(address !== null && typeof address === 'object')
  const sockets: { destroy(): void }[] = []
  mute.on('connection', (socket) => sockets.push(socket))
  for (const url of ['redis://127.0.0.1:1', `redis://127.0.0.1:${address.port}`]) {
    const connection = connect(url)
    await sleep(60)
    const began = performance.now()
    await assert.rejects(connection.run(increment, ['a'], [1]), StoreUnavailable)
    assert.ok(performance.now() - began < 20)
    assert.equal(connection.health().ok, false)
    await connection.close()
  }
  for (const socket of sockets) socket.destroy()
  mute.close()
})
