import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Balances } from '../../../src/ledger/redis-postgres/balances.ts'
import { openDatabase } from '../../../src/ledger/redis-postgres/database.ts'
import { migrate } from '../../../src/ledger/redis-postgres/schema.ts'
import { TeamRegistry } from '../../../src/ledger/redis-postgres/team-registry.ts'
import { connect } from '../../../src/redis/connect.ts'
import { untilReady } from '../../../src/redis/until-ready.ts'
import { type SharedStores, startSharedStores, withoutShared } from '../../support/shared-stores.ts'

/**
 * In a cluster one node has the list. When it froze, balances on the other nodes waited five seconds to be
 * loaded.
 */
describe('the list of teams', { skip: withoutShared }, () => {
  let stores: SharedStores
  before(async () => {
    stores = await startSharedStores()
  })
  after(() => stores.dispose())

  test('holds up no team whose balances are loaded while its node is frozen', {
    timeout: 30_000,
  }, async (t) => {
    const redis = connect(stores.redis.url, { deadlineMs: 5_000 })
    const pool = openDatabase(stores.postgres.url)
    t.after(() => Promise.all([redis.close(), pool.end()]))
    await Promise.all([untilReady(redis), migrate(pool)])
    const frozen = Object.assign(Object.create(redis), { command: () => new Promise(() => undefined) })
    await new Balances(redis, pool, new TeamRegistry(frozen), 0).ensure('research', Date.now())
    assert.equal(await stores.redisCall('HEXISTS', 'trivium:{research}:state', 'epoch'), '1')
  })
})
