import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { nanoUsd } from '../../../src/base/money.ts'
import { isNoRoom } from '../../../src/ledger/ledger.ts'
import { BalanceScripts } from '../../../src/ledger/redis-postgres/balance-scripts.ts'
import { Balances } from '../../../src/ledger/redis-postgres/balances.ts'
import { openDatabase } from '../../../src/ledger/redis-postgres/database.ts'
import { HoldService } from '../../../src/ledger/redis-postgres/hold-service.ts'
import { Mirror } from '../../../src/ledger/redis-postgres/mirror.ts'
import { Retry } from '../../../src/ledger/redis-postgres/retry.ts'
import { migrate } from '../../../src/ledger/redis-postgres/schema.ts'
import { TeamRegistry } from '../../../src/ledger/redis-postgres/team-registry.ts'
import { connect } from '../../../src/redis/connect.ts'
import { StoreUnavailable } from '../../../src/redis/store-unavailable.ts'
import { untilReady } from '../../../src/redis/until-ready.ts'
import { budget, openRow } from '../../support/ledger-rows.ts'
import { type SharedStores, startSharedStores, withoutShared } from '../../support/shared-stores.ts'

const TEAM = 'trivium:{research}'
const LIMITED = budget(1_000)

/**
 * Redis had lost its data, and one replica had restored its holds while another had not yet. The first could extend a
 * hold into the room that the other's took up a moment later: together they held more than the budget.
 */
describe('balances that are being brought back', { skip: withoutShared }, () => {
  let stores: SharedStores
  before(async () => {
    stores = await startSharedStores()
  })
  after(() => stores.dispose())

  test('let no hold grow before every replica has had the time to restore its own', async (t) => {
    const redis = connect(stores.redis.url, { deadlineMs: 5_000 })
    const pool = openDatabase(stores.postgres.url)
    t.after(() => Promise.all([redis.close(), pool.end()]))
    await Promise.all([untilReady(redis), migrate(pool)])
    const replica = () =>
      new HoldService({
        scripts: new BalanceScripts(redis, 60_000),
        balances: new Balances(redis, pool, new TeamRegistry(redis), 60_000),
        mirror: new Mirror(),
        retry: new Retry(() => undefined),
        open: new Set(),
        loadPatienceMs: 5_000,
        onRow: () => undefined,
      })
    const [one, other] = [replica(), replica()]
    const first = await one.hold(openRow(Date.now()), [LIMITED], ask(300))
    const second = await other.hold(openRow(Date.now()), [LIMITED], ask(600))
    assert.ok(!isNoRoom(first) && !isNoRoom(second))
    await stores.redisCall('FLUSHALL')
    await one.adopt(first)
    await assert.rejects(first.extend(ask(500)), StoreUnavailable)
    assert.equal(first.held, 300)
    await other.adopt(second)
    assert.equal(Number(await stores.redisCall('HGET', `${TEAM}:team:total:all`, 'h')), 900)
    // As if the time for that were over.
    await stores.redisCall('HDEL', `${TEAM}:state`, 'opens')
    assert.equal(await first.extend({ atMost: nanoUsd(500), atLeast: nanoUsd(50) }), 100)
  })
})

function ask(amount: number) {
  return { atMost: nanoUsd(amount), atLeast: nanoUsd(amount) }
}
