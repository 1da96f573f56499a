import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { after, before, beforeEach, describe, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { nanoUsd } from '../../../src/base/money.ts'
import type { Ask, Budget } from '../../../src/budget/budget.ts'
import { type Hold, isNoRoom, type Ledger } from '../../../src/ledger/ledger.ts'
import { budget, closing, openRow, refusedRow } from '../../support/ledger-rows.ts'
import {
  type Replica,
  type ReplicaOptions,
  type SharedStores,
  startSharedStores,
  withoutShared,
} from '../../support/shared-stores.ts'

const DOLLAR = 1_000_000_000

describe('a ledger shared through Redis and Postgres', { skip: withoutShared }, () => {
  let stores: SharedStores
  before(async () => {
    stores = await startSharedStores()
  })
  beforeEach(() => stores.empty())
  after(() => stores.dispose())

  async function replica(context: TestContext, options?: ReplicaOptions): Promise<Replica> {
    const opened = await stores.open(options)
    context.after(() => opened.close())
    return opened
  }

  test('300 concurrent requests on three replicas use at least 95 % of one dollar and never overspend it', async (t) => {
    const limited = [budget(DOLLAR), budget(DOLLAR, 'day', 'ci')]
    const replicas = await Promise.all([1, 2, 3].map(() => replica(t, { budgets: limited })))
    const costs = await Promise.all(
      Array.from({ length: 300 }, (_, index) => request(replicas[index % 3]?.ledger, limited, index)),
    )
    const billed = costs.reduce((sum, cost) => sum + cost, 0)
    assert.ok(billed <= DOLLAR, `billed ${billed}`)
    assert.ok(billed >= 0.95 * DOLLAR, `billed ${billed}`)
    await seen(async () => (await booked()) === billed)
    const [balance] = await balancesOf(t, limited)
    assert.deepEqual([balance?.spent, balance?.held], [billed, 0])
  })

  test('a killed replica’s holds are settled once, at their bound, when their lease expires', async (t) => {
    const { ledger } = await replica(t)
    const child = spawn(
      process.execPath,
      ['test/support/dying-replica.ts', stores.redis.url, stores.postgres.url],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    t.after(() => child.kill('SIGKILL'))
    await once(child.stdout, 'data')
    const others = await replica(t)
    // While alive it keeps them, however many lease periods pass.
    await sleep(1_500)
    assert.equal(await rowsIn('unsettled'), 0)
    child.kill('SIGKILL')
    await seen(async () => (await rowsIn('unsettled')) === 10)
    assert.equal(await booked(), 10_000)
    for (const each of [ledger, others.ledger]) {
      const taken = await held(each, [budget(1_000_000)], ask(1_000_000, 1))
      assert.equal(taken.held, 990_000)
      await taken.settle(closing(0))
    }
  })

  test('an actual cost that arrives after the lease expired corrects the row and the balance', async (t) => {
    const asleep = await replica(t, { leaseMs: 3_600_000, budgets: [budget(1_000)] })
    const hold = await held(asleep.ledger, [budget(1_000)], ask(600, 600))
    await stores.redisCall('ZADD', 'trivium:{research}:leases', 'XX', '1', hold.id)
    await replica(t)
    await seen(async () => (await rowsIn('unsettled')) === 1)
    assert.equal(await hold.settle(closing(250)), true)
    await seen(async () => (await rowsIn('ok')) === 1)
    assert.deepEqual(
      await stores.query('SELECT cost_nusd::int AS cost, held_nusd::int AS held FROM ledger'),
      [{ cost: 250, held: 600 }],
    )
    assert.equal((await balancesOf(t, [budget(1_000)]))[0]?.spent, 250)
  })

  test('after Redis is emptied, nothing is admitted until sums and open holds are restored', async (t) => {
    const limited = [budget(1_000)]
    const one = await replica(t, { budgets: limited })
    const other = await replica(t)
    await (await held(one.ledger, limited, ask(300, 300))).settle(closing(300))
    await seen(async () => (await booked()) === 300)
    const inFlight = await held(other.ledger, limited, ask(500, 500))
    await stores.redisCall('FLUSHALL')
    await assert.rejects(one.ledger.hold(openRow(Date.now()), limited, ask(1, 1)), /brought back/)
    assert.equal(one.ledger.health().ok, false)
    await seen(async () => one.ledger.health().ok)
    const refused = await one.ledger.hold(openRow(Date.now()), limited, ask(201, 201))
    assert.ok(isNoRoom(refused))
    assert.deepEqual([refused.balance.spent, refused.balance.held], [300, 500])
    await inFlight.settle(closing(450))
    await seen(async () => (await booked()) === 750)
    assert.equal((await balancesOf(t, limited))[0]?.spent, 750)
  })

  // A Redis replica that takes over, or a Redis that syncs once a second and dies, may lose its last moments,
  // no more.
  test('a hold that only Redis lost is restored, or settled if its request ends first', async (t) => {
    const limited = [budget(1_000)]
    const { ledger } = await replica(t, { budgets: limited })
    const long = await held(ledger, limited, ask(500, 500))
    await forget(long)
    await seen(async () => (await heldInRedis()) === 500)
    await forget(long)
    assert.equal(await long.settle(closing(450)), true)
    await seen(async () => (await booked()) === 450)
    const [balance] = await balancesOf(t, limited)
    assert.deepEqual([balance?.spent, balance?.held], [450, 0])
  })

  test('a hold that expired while its replica was alive is not restored', async (t) => {
    const alive = await replica(t, { leaseMs: 1_500, budgets: [budget(1_000)] })
    await replica(t)
    const hold = await held(alive.ledger, [budget(1_000)], ask(600, 600))
    await seen(async () => {
      await stores.redisCall('ZADD', 'trivium:{research}:leases', 'XX', '1', hold.id)
      return (await rowsIn('unsettled')) === 1
    })
    // Its replica renews five times per lease.
    await sleep(1_500)
    assert.equal(await heldInRedis(), 0)
    assert.equal(await hold.settle(closing(250)), true)
    await seen(async () => (await booked()) === 250)
    assert.equal((await balancesOf(t, [budget(1_000)]))[0]?.spent, 250)
  })

  test('a row already read from Redis when it lost its data counts in the rebuilt balances', async (t) => {
    const limited = [budget(1_000)]
    const { ledger } = await replica(t, { budgets: limited })
    await (await held(ledger, limited, ask(100, 100))).settle(closing(100))
    await seen(async () => (await booked()) === 100)
    await stores.postgres.kill()
    await (await held(ledger, limited, ask(200, 200))).settle(closing(200))
    await seen(async () => 'warning' in ledger.health())
    await stores.redisCall('FLUSHALL')
    await stores.postgres.start()
    await seen(async () => (await booked()) === 300)
    await seen(async () => ledger.health().ok)
    await seen(async () => (await balancesOf(t, limited))[0]?.spent === 300)
  })

  test('requests continue without Postgres, and every row is written once it is back', async (t) => {
    const limited = [budget(1_000_000)]
    const { ledger } = await replica(t, { budgets: limited })
    await (await held(ledger, limited, ask(10, 10))).settle(closing(10))
    await stores.postgres.kill()
    for (let count = 0; count < 20; count += 1) {
      await (await held(ledger, limited, ask(10, 10))).settle(closing(7))
    }
    await seen(async () => {
      const health = ledger.health()
      return health.ok && /rows wait in redis/.test(health.warning ?? '')
    })
    await stores.postgres.start()
    await seen(async () => (await booked()) === 150)
    await seen(async () => !('warning' in ledger.health()))
  })

  test('is not healthy while Redis is empty and Postgres, which could fill it, is away', async (t) => {
    const limited = [budget(DOLLAR)]
    const { ledger } = await replica(t, { budgets: limited })
    await (await held(ledger, limited, ask(10, 10))).settle(closing(4))
    await seen(async () => (await booked()) === 4)
    await stores.postgres.kill()
    await stores.redisCall('FLUSHALL')
    await assert.rejects(ledger.hold(openRow(Date.now()), limited, ask(10, 10)))
    await seen(async () => {
      const health = ledger.health()
      return !health.ok && /being brought back/.test(health.why)
    })
    await stores.postgres.start()
    await seen(async () => ledger.health().ok)
    assert.equal((await balancesOf(t, limited))[0]?.spent, 4)
  })

  test('a row Postgres refuses blocks no other row and is kept', async (t) => {
    const { ledger } = await replica(t)
    await Promise.all([
      ledger.record(refusedRow(Date.now(), { status: 2 ** 40 })),
      ledger.record(refusedRow(Date.now(), { requestedModel: 'nul \0 and half a pair \ud800' })),
      ledger.record(refusedRow(Date.now())),
    ])
    await seen(async () => (await rowsIn('refused')) === 2)
    await seen(async () => (await stores.redisCall('XLEN', 'trivium:{research}:refused')) === '1')
    await seen(async () => (await stores.redisCall('XLEN', 'trivium:{research}:rows')) === '0')
  })

  test('a frozen Redis fails a decision at its deadline, and holds nobody was told of are released', async (t) => {
    const limited = [budget(1_000)]
    const { ledger } = await replica(t, { deadlineMs: 40, budgets: limited })
    const before = await held(ledger, limited, ask(100, 100))
    t.after(() => stores.redis.thaw())
    stores.redis.freeze()
    const waits: number[] = []
    for (let count = 0; count < 20; count += 1) {
      // Timers fire late on a busy machine: a plain one beside the decision tells by how much.
      const deadline = sleep(40).then(() => performance.now())
      await assert.rejects(ledger.hold(openRow(Date.now()), limited, ask(500, 500)))
      const refusedAt = performance.now()
      waits.push(refusedAt - (await deadline))
    }
    const settled = before.settle(closing(60))
    assert.equal(ledger.health().ok, false)
    stores.redis.thaw()
    assert.equal(await settled, true)
    await seen(async () => ledger.health().ok)
    await seen(async () => (await balancesOf(t, limited))[0]?.held === 0)
    assert.equal((await balancesOf(t, limited))[0]?.spent, 60)
    assert.ok(Math.max(...waits) < 110, `waited ${Math.max(...waits)} ms beyond the deadline`)
    assert.equal((await held(ledger, limited, ask(2_000, 1))).held, 940)
  })

  /** Removes a hold as if it had never been taken, leaving the team's epoch as it was. */
  async function forget({ id }: Hold): Promise<void> {
    await stores.redisCall('DEL', `trivium:{research}:hold:${id}`)
    await stores.redisCall('ZREM', 'trivium:{research}:leases', id)
    const names = await stores.redisCall('KEYS', 'trivium:{research}:*:*:*')
    for (const [name] of names.matchAll(/trivium:\{research\}:(?:team|key\/ci):\S+/g)) {
      await stores.redisCall('HSET', name, 'h', '0')
    }
  }

  async function heldInRedis(): Promise<number> {
    return Number(await stores.redisCall('HGET', 'trivium:{research}:team:total:all', 'h'))
  }

  /** What a freshly started replica sees. */
  async function balancesOf(context: TestContext, budgets: readonly Budget[]) {
    const { ledger } = await replica(context, { budgets })
    return ledger.balances(budgets, Date.now())
  }

  async function booked(): Promise<number> {
    const [row] = await stores
      .query('SELECT coalesce(sum(cost_nusd), 0)::text AS sum FROM ledger')
      .catch(() => [])
    return Number(row?.sum)
  }

  async function rowsIn(outcome: string): Promise<number> {
    const [row] = await stores.query('SELECT count(*)::int AS count FROM ledger WHERE outcome = $1', [
      outcome,
    ])
    return Number(row?.count)
  }
})

/** One request as the proxy makes it. Returns what it was billed, or 0 if the budget was spent. */
async function request(
  ledger: Ledger | undefined,
  limited: readonly Budget[],
  index: number,
): Promise<number> {
  assert.ok(ledger)
  for (;;) {
    const outcome = await ledger.hold(openRow(Date.now()), limited, ask(20_000_000, 2_000_000))
    if (!isNoRoom(outcome)) {
      const cost = index % 3 === 0 ? outcome.held : Math.floor(outcome.held / 2)
      await sleep(1 + (index % 7))
      await outcome.settle(closing(cost))
      return cost
    }
    if (outcome.refused === 'exhausted') return 0
    await sleep(5)
  }
}

async function held(ledger: Ledger, budgets: readonly Budget[], asked: Ask): Promise<Hold> {
  const outcome = await ledger.hold(openRow(Date.now()), budgets, asked)
  assert.ok(!isNoRoom(outcome), 'there is room')
  return outcome
}

function ask(atMost: number, atLeast: number): Ask {
  return { atMost: nanoUsd(atMost), atLeast: nanoUsd(atLeast) }
}

const PATIENCE_MS = 15_000

async function seen(look: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS
  while (!(await look())) {
    assert.ok(performance.now() < deadline, `not seen within ${PATIENCE_MS} ms: ${look}`)
    await sleep(20)
  }
}
