import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, beforeEach, describe, type TestContext, test } from 'node:test'
import { requestId } from '../../../src/base/ids.ts'
import { nanoUsd } from '../../../src/base/money.ts'
import { Balances } from '../../../src/budget/redis-postgres/balances.ts'
import { UNSETTLED, wholeLine } from '../../../src/budget/redis-postgres/columns.ts'
import { openDatabase } from '../../../src/budget/redis-postgres/database.ts'
import { Mover } from '../../../src/budget/redis-postgres/mover.ts'
import { migrate } from '../../../src/budget/redis-postgres/schema.ts'
import { TeamRoll } from '../../../src/budget/redis-postgres/team-roll.ts'
import { type ConnectOptions, connect } from '../../../src/redis/connect.ts'
import { untilReady } from '../../../src/redis/until-ready.ts'
import { eventually } from '../../support/eventually.ts'
import { closing, openRow } from '../../support/ledger-rows.ts'
import { type SharedStores, startSharedStores, withoutShared } from '../../support/shared-stores.ts'

const TEAM = 'trivium:{research}'
const ACCOUNTS = [`${TEAM}:team:total:all`, `${TEAM}:key/ci:total:all`]
const AT = Date.UTC(2026, 10, 22, 12)

/**
 * Redis had lost a team's balances, and they were rebuilt while some of its rows were still on their way to Postgres.
 * What these cost was added to the balances after they had been inserted. If Redis failed just then it was never added,
 * and the budget was overspent by it.
 */
describe('a row that the rebuilt balances of its team lack', { skip: withoutShared }, () => {
  let stores: SharedStores
  before(async () => {
    stores = await startSharedStores()
  })
  beforeEach(() => stores.empty())
  after(() => stores.dispose())

  test('counts in all of them once Redis takes it, however often that fails', async (t) => {
    const { mover } = await opened(t)
    await write({ cost: 200 })
    const [, account] = ACCOUNTS
    assert.ok(account !== undefined)
    await stores.redisCall('SET', account, 'foreign')
    mover.mark('research')
    for (let time = 0; time < 2; time += 1) await mover.move()
    assert.match(mover.problem ?? '', /WRONGTYPE/)
    await stores.redisCall('DEL', account)
    await mover.move()
    assert.equal(mover.problem, undefined)
    assert.deepEqual(await spent(), [200, 200])
    assert.deepEqual(await rows(), [{ outcome: 'ok', cost: 200 }])
  })

  test('counts at its actual cost where it was corrected on its way', async (t) => {
    const { mover } = await opened(t)
    const id = requestId(AT)
    await write({ id, cost: 600, unsettled: true })
    await write({ id, cost: 250 })
    mover.mark('research')
    await mover.move()
    assert.deepEqual(await spent(), [250, 250])
    assert.deepEqual(await rows(), [{ outcome: 'ok', cost: 250 }])
  })

  test('counts before a correction that was booked in these balances', async (t) => {
    const { mover, epoch } = await opened(t)
    const id = requestId(AT)
    await write({ id, cost: 600, unsettled: true })
    await write({ id, cost: 250, epoch })
    for (const account of ACCOUNTS) await stores.redisCall('HINCRBY', account, 's', '-350')
    mover.mark('research')
    await mover.move()
    assert.deepEqual(await spent(), [250, 250])
    assert.deepEqual(await rows(), [{ outcome: 'ok', cost: 250 }])
  })

  // Postgres forgot the epoch when Redis was late to say that it had loaded it. Later rows were then taken for rows of an
  // earlier one, and corrections for repetitions.
  test('counts where Redis loaded the balances after its answer was given up on', async (t) => {
    const { mover, pool, balances, isSilent } = await opened(t, { deadlineMs: 500 })
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
    mover.mark('research')
    await mover.move()
    await balances.ensure('research', AT)
    const [known] = await stores.query(`SELECT epoch FROM team_epoch WHERE team = 'research'`)
    assert.equal(await stores.redisCall('HGET', `${TEAM}:state`, 'epoch'), known?.epoch)
    assert.deepEqual(await spent(), [200, 200])
  })

  // The ledger kept the epoch before. Rows of that epoch, still on their way, were taken for rows that these balances
  // contain, and corrections of later rows for repetitions.
  test('counts even if Postgres never committed the load of these balances', async (t) => {
    const { mover, balances, epoch } = await opened(t)
    await stores.query(`UPDATE team_epoch SET epoch = 'an earlier one' WHERE team = 'research'`)
    const id = requestId(AT)
    await write({ cost: 200 })
    await write({ id, cost: 600, unsettled: true, epoch })
    for (const account of ACCOUNTS) await stores.redisCall('HINCRBY', account, 's', '600')
    mover.mark('research')
    await mover.move()
    await balances.ensure('research', AT)
    assert.deepEqual(await spent(), [800, 800])
    const [known] = await stores.query(`SELECT epoch FROM team_epoch WHERE team = 'research'`)
    const current = await stores.redisCall('HGET', `${TEAM}:state`, 'epoch')
    assert.equal(current, known?.epoch)
    await write({ id, cost: 250, epoch: current })
    mover.mark('research')
    await mover.move()
    assert.deepEqual(await stores.query('SELECT sum(cost_nusd)::int AS cost FROM ledger'), [{ cost: 450 }])
  })

  /** What moves rows, with the team's balances loaded into Redis. */
  async function opened(t: TestContext, options: ConnectOptions = { deadlineMs: 5_000 }) {
    const redis = connect(stores.redis.url, options)
    const moving = connect(stores.redis.url, { deadlineMs: 5_000, silenceMs: 10_000 })
    const pool = openDatabase(stores.postgres.url)
    t.after(() => Promise.all([redis.close(), moving.close(), pool.end()]))
    await Promise.all([untilReady(redis), untilReady(moving), migrate(pool)])
    const roll = new TeamRoll(moving)
    const balances = new Balances(redis, pool, roll, 100)
    await balances.ensure('research', AT)
    const epoch = await stores.redisCall('HGET', `${TEAM}:state`, 'epoch')
    const isSilent = () => !redis.health().ok
    return { mover: new Mover(moving, pool, roll, randomUUID()), pool, balances, epoch, isSilent }
  }

  /** Writes a row to the team's stream, as a settlement does. */
  async function write({
    id = requestId(AT),
    cost,
    unsettled = false,
    epoch = 'an earlier one',
  }: {
    readonly id?: ReturnType<typeof requestId>
    readonly cost: number
    readonly unsettled?: boolean
    readonly epoch?: string
  }): Promise<void> {
    const line = wholeLine({ ...openRow(AT, { id }), ...closing(cost), held: nanoUsd(600) })
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
