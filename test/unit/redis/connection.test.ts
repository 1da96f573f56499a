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
    // A machine that is busy with other tests is no Redis that is silent.
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

  test('loads a script that Redis does not know, or knows no more', async () => {
    for (let round = 0; round < 2; round += 1) {
      await connection.command('SCRIPT', ['FLUSH'])
      const replies = await Promise.all([1, 1, 1].map((by) => connection.run(increment, [`${round}`], [by])))
      assert.deepEqual(replies, [1, 2, 3])
    }
  })

  test('refuses what needs a key that is not ours, tells under which name, and serves everything else', async () => {
    await connection.command('SADD', ['trivium:{a}:counted', 'x'])
    const counted = (team: string) => connection.run(increment, [`trivium:{${team}}:counted`], [1])
    const [foreign, ours] = await Promise.allSettled([counted('a'), counted('b')])
    assert.ok(foreign?.status === 'rejected' && foreign.reason instanceof StoreUnavailable)
    assert.match(foreign.reason.message, /WRONGTYPE/)
    assert.deepEqual(ours, { status: 'fulfilled', value: 1 })
    const health = connection.health()
    assert.match(String(health.ok && health.warning), /^a key under trivium:\{a\} is not Trivium's/)
  })

  test('brings words of any letters there and back, in lists and beside numbers and nothing', async () => {
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

  test('passes on what a script does wrong, and serves on', async () => {
    const wrong = script(`return redis.call('INCRBY', KEYS[1], 'x')`)
    const right = connection.run(increment, ['a'], [1])
    await assert.rejects(connection.run(wrong, ['a'], []), /not an integer/)
    assert.equal(await right, 1)
    assert.ok(connection.health().ok)
  })

  test('gives up what a frozen Redis does not answer, fails at once until it does, and then serves', async () => {
    const quick = await connected(redis.url)
    redis.freeze()
    const began = performance.now()
    await assert.rejects(quick.run(increment, ['a'], [1]), StoreUnavailable)
    const first = performance.now() - began
    await assert.rejects(quick.run(increment, ['a'], [1]), StoreUnavailable)
    const second = performance.now() - began - first
    assert.ok(first < 500 && second < 20, `${first} ms, then ${second} ms`)
    assert.deepEqual(quick.health(), { ok: false, why: 'no answer within 40 ms' })
    // By then nobody can be waiting for it.
    await sleep(400)
    redis.thaw()
    await eventually(() => quick.health().ok || undefined)
    assert.equal(await connection.run(increment, ['a'], [1]), 1, 'what was given up is never done')
    await quick.close()
  })

  test('makes the connection anew after a long silence', async () => {
    const impatient = await connected(redis.url, { silenceMs: 100 })
    redis.freeze()
    await assert.rejects(impatient.run(increment, ['a'], [1]), StoreUnavailable)
    await sleep(600)
    redis.thaw()
    await eventually(() => impatient.health().ok || undefined)
    assert.equal(await impatient.run(increment, ['a'], [1]), 1)
    await impatient.close()
  })

  test('tells who gave up of an answer that comes late', async () => {
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

  test('does not take its own busy turn for a silence of Redis', async () => {
    const quick = await connected(redis.url, { deadlineMs: 100 })
    const waiting = quick.run(increment, ['a'], [1])
    await new Promise(setImmediate)
    const until = performance.now() + 300
    while (performance.now() < until);
    assert.equal(await waiting, 1)
    await quick.close()
  })

  test('comes back when Redis does, and says so', async () => {
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

  test('lets calls wait their turn while Redis answers others', async (t) => {
    // Of a busy machine Redis may get nothing for a while: that is a silence.
    const quick = await connected(redis.url, { deadlineMs: 500 })
    t.after(() => quick.close())
    // Short ones: Redis answers a connection only when it has done all that it read of it at once, some 130 calls.
    const busy = script(`
      local until_us = time[1] * 1000000 + time[2] + 110
      repeat local t = redis.call('TIME') until t[1] * 1000000 + t[2] > until_us
      return redis.call('INCR', KEYS[1])`)
    const began = performance.now()
    const replies = await Promise.all(Array.from({ length: 5_000 }, () => quick.run(busy, ['a'], [])))
    assert.equal(replies.at(-1), 5_000)
    assert.ok(performance.now() - began > 500, 'that is more than a deadline')
  })

  test('says that a full Redis does not serve, and that it does again', async () => {
    const write = script(`return redis.call('SET', KEYS[1], 'x')`)
    await connection.command('CONFIG', ['SET', 'maxmemory', 1])
    await assert.rejects(connection.run(write, ['a'], []), StoreUnavailable)
    const health = connection.health()
    assert.match(health.ok ? '' : health.why, /^OOM /)
    await connection.command('CONFIG', ['SET', 'maxmemory', 0])
    assert.equal(await connection.run(write, ['a'], []), 'OK')
    assert.ok(connection.health().ok)
  })

  test('answers what is outstanding before it closes', async () => {
    const other = await connected(redis.url)
    const outstanding = other.run(increment, ['a'], [5])
    await other.close()
    assert.equal(await outstanding, 5)
    await assert.rejects(other.run(increment, ['a'], [1]), StoreUnavailable)
  })
})

test('a port nobody listens on, and one that never answers, fail every call at once', async () => {
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
