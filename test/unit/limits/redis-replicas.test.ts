import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { after, before, suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { systemClock } from '../../../src/base/clock.ts'
import { isFull } from '../../../src/limits/limiter.ts'
import { createMemoryLimiter } from '../../../src/limits/memory/limiter.ts'
import { createRedisLimiter } from '../../../src/limits/redis/limiter.ts'
import type { ReplicaOrder, ReplicaReport } from '../../support/limiter-replica.ts'
import { connected } from '../../support/redis-connection.ts'
import { type Store, startRedis, without } from '../../support/stores.ts'

suite('three replicas in separate processes', { skip: without.redis }, () => {
  let server: Store
  const children: ChildProcess[] = []
  before(async () => {
    server = await startRedis()
  })
  after(async () => {
    for (const child of children) child.kill('SIGKILL')
    await server.dispose()
  })

  function start(order: Omit<ReplicaOrder, 'url'>) {
    const told = JSON.stringify({ ...order, url: server.url } satisfies ReplicaOrder)
    const child = fork('test/support/limiter-replica.ts', [told])
    children.push(child)
    const report: Promise<ReplicaReport> = once(child, 'message').then(([message]) => message)
    return { child, report }
  }

  test('together admit exactly the limit in a minute', async () => {
    const subjects = [
      { id: 'team:r', limits: { requestsPerMinute: 600, tokensPerMinute: 900_000, concurrent: 500 } },
      { id: 'key:r/ci', limits: { tokensPerMinute: 50_000 } },
    ]
    const order = { subjects, tokens: 100, leaseMs: 15_000, mode: { hammerMs: 2_500 } }
    const reports = await Promise.all([1, 2, 3].map(() => start(order).report))
    const sum = (count: (report: ReplicaReport) => number) =>
      reports.reduce((all, each) => all + count(each), 0)
    assert.equal(
      sum(({ admitted }) => admitted),
      500,
      'fifty thousand tokens of the key, a hundred each',
    )
    assert.ok(sum(({ refused }) => refused) > 100, 'they asked for more')
  })

  test('get back a killed replica’s slots within its lease', async () => {
    const team = [{ id: 'team:s', limits: { concurrent: 6 } }]
    const order = { subjects: team, tokens: 0, leaseMs: 1_500, mode: { keep: 3 } }
    const [first, second] = [start(order), start(order)]
    assert.equal((await first.report).admitted + (await second.report).admitted, 6)
    const redis = await connected(server.url, { deadlineMs: 5_000 })
    const limiter = createRedisLimiter({
      redis,
      local: createMemoryLimiter(systemClock),
      onStoreFailure: { requests: 'refuse', tokens: 'refuse', concurrent: 'refuse' },
    })
    assert.ok(isFull(await limiter.admit(team)))
    first.child.kill('SIGKILL')
    await once(first.child, 'exit')
    const died = performance.now()
    let slots = 0
    while (slots < 3 && performance.now() - died < 5_000) {
      if (isFull(await limiter.admit(team))) await sleep(20)
      else slots += 1
    }
    const took = performance.now() - died
    assert.ok(slots === 3 && took < 2_000, `${slots} slots after ${took} ms`)
    await sleep(1_600)
    assert.ok(isFull(await limiter.admit(team)), 'the living one keeps its own')
    await limiter.close()
    await redis.close()
  })
})
