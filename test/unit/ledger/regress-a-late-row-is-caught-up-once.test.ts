import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, beforeEach, describe, type TestContext, test } from 'node:test'
import { DAY } from '../../../src/base/durations.ts'
import { requestId } from '../../../src/base/ids.ts'
import { nanoUsd } from '../../../src/base/money.ts'
import { Balances } from '../../../src/ledger/redis-postgres/balances.ts'
import { UNSETTLED, wholeLine } from '../../../src/ledger/redis-postgres/columns.ts'
import { openDatabase } from '../../../src/ledger/redis-postgres/database.ts'
import { RowRelay } from '../../../src/ledger/redis-postgres/row-relay.ts'
import { migrate } from '../../../src/ledger/redis-postgres/schema.ts'
import { TeamRegistry } from '../../../src/ledger/redis-postgres/team-registry.ts'
import { type ConnectOptions, connect } from '../../../src/redis/connect.ts'
import { StoreUnavailable } from '../../../src/redis/store-unavailable.ts'
import { untilReady } from '../../../src/redis/until-ready.ts'
import { eventually } from '../../support/eventually.ts'
import { closing, openRow } from '../../support/ledger-rows.ts'
import { type SharedStores, startSharedStores, withoutShared } from '../../support/shared-stores.ts'

const TEAM = 'trivium:{research}'
const ACCOUNTS = [`${TEAM}:team:total:all`, `${TEAM}:key/ci:total:all`]
const AT = Date.UTC(2026, 10, 22, 12)

/**
 * Redis had lost a team's balances, and they were rebuilt while some of its rows were still on their way to
 * Postgres. What these cost was added to the balances after they had been inserted. If Redis failed just then
 * it was never added, and the budget was overspent by it.
 */
describe('a row that the rebuilt balances of its team lack', { skip: withoutShared }, () => {
  let stores: SharedStores
  before(async () => {
    stores = await startSharedStores()
  })
  beforeEach(() => stores.empty())
  after(() => stores.dispose())

  test('counts in all of them once Redis takes it, however often that fails', async (t) => {
    const { relay } = await opened(t)
    await write({ cost: 200 })
    const [, account] = ACCOUNTS
    assert.ok(account !== undefined)
    await stores.redisCall('SET', account, 'foreign')
    relay.mark('research')
    for (let time = 0; time < 2; time += 1) await relay.move()
    assert.match(relay.problem ?? '', /WRONGTYPE/)
    await stores.redisCall('DEL', account)
    await relay.move()
    assert.equal(relay.problem, undefined)
    assert.deepEqual(await spent(), [200, 200])
    assert.deepEqual(await rows(), [{ outcome: 'ok', cost: 200 }])
  })

  test('counts at its actual cost where it was corrected on its way', async (t) => {
    const { relay } = await opened(t)
    const id = requestId(AT)
    await write({ id, cost: 600, unsettled: true })
    await write({ id, cost: 250 })
    relay.mark('research')
    await relay.move()
    assert.deepEqual(await spent(), [250, 250])
    assert.deepEqual(await rows(), [{ outcome: 'ok', cost: 250 }])
  })

  test('counts before a correction that was booked in these balances', async (t) => {
    const { relay, epoch } = await opened(t)
    const id = requestId(AT)
    await write({ id, cost: 600, unsettled: true })
    await write({ id, cost: 250, epoch })
    for (const account of ACCOUNTS) await stores.redisCall('HINCRBY', account, 's', '-350')
    relay.mark('research')
    await relay.move()
    assert.deepEqual(await spent(), [250, 250])
    assert.deepEqual(await rows(), [{ outcome: 'ok', cost: 250 }])
  })

  // Postgres forgot the epoch when Redis was late to say that it had loaded it. Later rows were then taken
  // for rows of an earlier one, and corrections for repetitions.
  test('counts where Redis loaded the balances after its answer was given up on', async (t) => {
    const { relay, pool, balances, isSilent } = await opened(t, { deadlineMs: 500 })
    await stores.redisCall('DEL', `${TEAM}:state`)
    await write({ cost: 200 })
    const other = await pool.connect()
    await other.query('BEGIN')
    await other.query(`UPDATE team_epoch SET loaded_at = now() WHERE team = 'research'`)
    const loaded = balances.ensure('research', AT).then(
      () => undefined,
      (error: unknown) => error,
    )
    await eventually(async () => {
      const [waiting] = await stores.query('SELECT count(*)::int AS count FROM pg_locks WHERE NOT granted')
      return Number(waiting?.count) > 0 || undefined
    })
    await stores.redisCall('CLIENT', 'PAUSE', '20000', 'WRITE')
    await other.query('ROLLBACK')
    other.release()
    await eventually(() => (isSilent() ? true : undefined))
    await stores.redisCall('CLIENT', 'UNPAUSE')
    await loaded
    relay.mark('research')
    await relay.move()
    await balances.ensure('research', AT)
    const [known] = await stores.query(`SELECT epoch FROM team_epoch WHERE team = 'research'`)
    assert.equal(await stores.redisCall('HGET', `${TEAM}:state`, 'epoch'), known?.epoch)
    assert.deepEqual(await spent(), [200, 200])
  })

  // The ledger kept the epoch before. Rows of that epoch, still on their way, were taken for rows that these balances
  // contain, and corrections of later rows for repetitions.
  test('counts even if Postgres never committed the load of these balances', async (t) => {
    const { relay, balances, epoch } = await opened(t)
    await stores.query(`UPDATE team_epoch SET epoch = 'an earlier one' WHERE team = 'research'`)
    const id = requestId(AT)
    await write({ cost: 200 })
    await write({ id, cost: 600, unsettled: true, epoch })
    for (const account of ACCOUNTS) await stores.redisCall('HINCRBY', account, 's', '600')
    relay.mark('research')
    await relay.move()
    await balances.ensure('research', AT)
    assert.deepEqual(await spent(), [800, 800])
    const [known] = await stores.query(`SELECT epoch FROM team_epoch WHERE team = 'research'`)
    const current = await stores.redisCall('HGET', `${TEAM}:state`, 'epoch')
    assert.equal(current, known?.epoch)
    await write({ id, cost: 250, epoch: current })
    relay.mark('research')
    await relay.move()
    assert.deepEqual(await stores.query('SELECT sum(cost_nusd)::int AS cost FROM ledger'), [{ cost: 450 }])
  })

  // Such a correction was dropped: the team was charged the bound for good.
  test('is corrected where the balances contain its bound, but not yet the correction', async (t) => {
    const { relay, balances, epoch } = await opened(t)
    const id = requestId(AT)
    await write({ id, cost: 600, unsettled: true, epoch })
    relay.mark('research')
    await relay.move()
    await stores.redisCall('DEL', `${TEAM}:state`)
    await balances.ensure('research', AT)
    assert.deepEqual(await spent(), [600, 600])
    for (let time = 0; time < 2; time += 1) {
      await write({ id, cost: 250, epoch })
      relay.mark('research')
      await relay.move()
      assert.equal(relay.problem, undefined)
      assert.deepEqual(await spent(), [250, 250])
      assert.deepEqual(await rows(), [{ outcome: 'ok', cost: 250 }])
    }
  })

  // The correction was taken for a repetition of what it corrects.
  test('counts at its actual cost where its bound was added by an attempt that then failed', async (t) => {
    const { relay, another } = await opened(t)
    const id = requestId(AT)
    await write({ id, cost: 600, unsettled: true })
    await write({ cost: 30, key: 'cd' })
    const foreign = `${TEAM}:key/cd:total:all`
    await stores.redisCall('SET', foreign, 'foreign')
    relay.mark('research')
    await relay.move()
    assert.match(relay.problem ?? '', /WRONGTYPE/)
    assert.deepEqual(await spent(), [600, 600])
    await stores.redisCall('DEL', foreign)
    await write({ id, cost: 250 })
    another.mark('research')
    await another.move()
    assert.deepEqual(await spent(), [250, 250])
    await relay.move()
    assert.equal(relay.problem, undefined)
    assert.deepEqual(await spent(), [280, 250])
    assert.deepEqual(await stores.query('SELECT sum(cost_nusd)::int AS cost FROM ledger'), [{ cost: 280 }])
  })

  test('changes nothing at its bound if its correction was faster', async (t) => {
    const { relay, epoch } = await opened(t)
    const id = requestId(AT)
    for (const account of ACCOUNTS) await stores.redisCall('HINCRBY', account, 's', '250')
    for (const entry of [{ cost: 250 }, { cost: 600, unsettled: true }]) {
      await write({ id, epoch, ...entry })
      relay.mark('research')
      await relay.move()
    }
    assert.equal(relay.problem, undefined)
    assert.deepEqual(await spent(), [250, 250])
    assert.deepEqual(await rows(), [{ outcome: 'ok', cost: 250 }])
  })

  // Only accounts with a sum were replaced. That of a key's first row in an hour kept what it had cost, and
  // got it again.
  test('counts once in an account that the ledger knows nothing of yet', async (t) => {
    const { relay, balances, epoch } = await opened(t)
    await write({ cost: 100, at: AT - DAY, epoch })
    relay.mark('research')
    await relay.move()
    const hour = `${TEAM}:key/ci:hour:2026-11-22T12`
    await write({ cost: 200, epoch })
    for (const account of [...ACCOUNTS, hour]) await stores.redisCall('HINCRBY', account, 's', '200')
    await stores.redisCall('DEL', `${TEAM}:state`)
    await balances.ensure('research', AT)
    relay.mark('research')
    await relay.move()
    assert.deepEqual(await spent(), [300, 300])
    assert.equal(await stores.redisCall('HGET', hour, 's'), '200')
  })

  // It waited for the connection that is patient with long replies. A frozen node of a cluster so kept every
  // connection to Postgres for seconds, and with them the rows and balances of teams on other nodes.
  test('keeps its transaction open no longer than a decision may take', async (t) => {
    const { redis, moving, pool, registry } = await opened(t)
    await write({ cost: 200 })
    const run = () =>
      Promise.reject(new StoreUnavailable('redis: no answer within 40 ms', { mayBeDone: true }))
    const silent = Object.assign(Object.create(redis), { run })
    const relay = new RowRelay({ redis: silent, moving, pool, registry, consumer: randomUUID() })
    relay.mark('research')
    await relay.move()
    assert.equal(relay.problem, 'redis: no answer within 40 ms')
    assert.equal(pool.idleCount, pool.totalCount)
    assert.deepEqual(await rows(), [])
  })

  /** What moves rows, with the team's balances loaded into Redis. */
  async function opened(t: TestContext, options: ConnectOptions = { deadlineMs: 5_000 }) {
    const redis = connect(stores.redis.url, options)
    const moving = connect(stores.redis.url, { deadlineMs: 5_000, silenceMs: 10_000 })
    const pool = openDatabase(stores.postgres.url)
    t.after(() => Promise.all([redis.close(), moving.close(), pool.end()]))
    await Promise.all([untilReady(redis), untilReady(moving), migrate(pool)])
    const registry = new TeamRegistry(moving)
    const balances = new Balances(redis, pool, registry, 100)
    await balances.ensure('research', AT)
    const epoch = await stores.redisCall('HGET', `${TEAM}:state`, 'epoch')
    const isSilent = () => !redis.health().ok
    const relayOf = () => new RowRelay({ redis, moving, pool, registry, consumer: randomUUID() })
    const relays = { relay: relayOf(), another: relayOf() }
    return { ...relays, redis, moving, pool, registry, balances, epoch, isSilent }
  }

  /** Writes a row to the team's stream, as a settlement does. */
  async function write({
    id = requestId(AT),
    cost,
    key = 'ci',
    at = AT,
    unsettled = false,
    epoch = 'an earlier one',
  }: {
    readonly id?: ReturnType<typeof requestId>
    readonly cost: number
    readonly key?: string
    readonly at?: number
    readonly unsettled?: boolean
    readonly epoch?: string
  }): Promise<void> {
    const line = wholeLine({ ...openRow(at, { id, key }), ...closing(cost), held: nanoUsd(600) })
    const row = JSON.stringify(unsettled ? { ...line, ...UNSETTLED } : line)
    const fields = ['row', row, 'cost', String(cost), 'held', '600', 'epoch', epoch]
    await stores.redisCall('XADD', `${TEAM}:rows`, '*', ...fields)
  }

  async function spent(): Promise<readonly number[]> {
    return Promise.all(ACCOUNTS.map(async (name) => Number(await stores.redisCall('HGET', name, 's'))))
  }

  async function rows() {
    return stores.query('SELECT outcome, cost_nusd::int AS cost FROM ledger')
  }
})
