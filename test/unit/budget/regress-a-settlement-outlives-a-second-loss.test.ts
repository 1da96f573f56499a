import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nanoUsd } from '../../../src/base/money.ts'
import { isNoRoom } from '../../../src/budget/ledger.ts'
import { Balances } from '../../../src/budget/redis-postgres/balances.ts'
import { Counter } from '../../../src/budget/redis-postgres/counter.ts'
import { openDatabase } from '../../../src/budget/redis-postgres/database.ts'
import { Insistence } from '../../../src/budget/redis-postgres/insistence.ts'
import { Mirror } from '../../../src/budget/redis-postgres/mirror.ts'
import { migrate } from '../../../src/budget/redis-postgres/schema.ts'
import { TeamRoll } from '../../../src/budget/redis-postgres/team-roll.ts'
import { Treasury } from '../../../src/budget/redis-postgres/treasury.ts'
import { connect } from '../../../src/redis/connect.ts'
import { untilReady } from '../../../src/redis/until-ready.ts'
import { budget, closing, openRow } from '../../support/ledger-rows.ts'
import { startSharedStores, withoutShared } from '../../support/shared-stores.ts'

const TEAM = 'trivium:{research}'
const LIMITED = budget(1_000)

// A settlement that found no balances had them restored and tried once more. If they were lost again in between, it
// took that for its end: no row was written, and nothing was booked.
test('a settlement goes on until it is booked, even if the balances are lost again just after they were restored', {
  skip: withoutShared,
}, async (t) => {
  const stores = await startSharedStores()
  t.after(() => stores.dispose())
  const redis = connect(stores.redis.url, { deadlineMs: 5_000 })
  const pool = openDatabase(stores.postgres.url)
  t.after(() => Promise.all([redis.close(), pool.end()]))
  await Promise.all([untilReady(redis), migrate(pool)])
  let losses = 0
  const loseState = () => stores.redisCall('DEL', `${TEAM}:state`)
  class Unlucky extends Balances {
    override async ensure(team: string, at: number): Promise<void> {
      await super.ensure(team, at)
      if (losses > 0) await loseState()
      losses -= 1
    }
  }
  const counter = new Counter({
    treasury: new Treasury(redis, 60_000),
    balances: new Unlucky(redis, pool, new TeamRoll(redis), 0),
    mirror: new Mirror(),
    insistence: new Insistence(() => undefined),
    open: new Set(),
    loadPatienceMs: 5_000,
    onRow: () => undefined,
  })
  const hold = await counter.hold(openRow(Date.now()), [LIMITED], {
    atMost: nanoUsd(300),
    atLeast: nanoUsd(1),
  })
  assert.ok(!isNoRoom(hold))
  await loseState()
  losses = 2
  assert.equal(await hold.settle(closing(200)), true)
  assert.equal(await stores.redisCall('XLEN', `${TEAM}:rows`), '1')
  assert.equal(await stores.redisCall('HGET', `${TEAM}:team:total:all`, 's'), '200')
  assert.equal(await stores.redisCall('HGET', `${TEAM}:team:total:all`, 'h'), '0')
})
