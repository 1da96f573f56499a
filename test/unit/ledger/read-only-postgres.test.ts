import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openPostgresRaises } from '../../../src/cli/backends/raise-backend.ts'
import { runCli } from '../../../src/cli/cli.ts'
import { compose } from '../../../src/compose.ts'
import { isNoRoom } from '../../../src/ledger/ledger.ts'
import { prepareHouse } from '../../support/house.ts'
import { budget, closing, openRow } from '../../support/ledger-rows.ts'
import { type SharedStores, startSharedStores, withoutShared } from '../../support/shared-stores.ts'
import { capture } from '../cli/capture.ts'

// A standby, or a database its operator made read-only because the disk is full: all is there, nothing can be added.
describe('a read-only Postgres', { skip: withoutShared }, () => {
  let stores: SharedStores
  before(async () => {
    stores = await startSharedStores()
    const replica = await stores.open({ budgets: [budget(1)] })
    const ask = { atMost: budget(1).limit, atLeast: budget(1).limit }
    const hold = await replica.ledger.hold(openRow(Date.now()), [budget(1)], ask)
    assert.ok(!isNoRoom(hold))
    await hold.settle(closing(0))
    await replica.close()
    await stores.query('ALTER DATABASE postgres SET default_transaction_read_only = on')
  })
  after(() => stores.dispose())

  test('starts no server and grants no raise, and says why in one line', async (t) => {
    const expected = {
      name: 'StoreError',
      message: /^postgres:\/\/[\d.:]+\/postgres: it is read-only, [^\n]+$/,
    }
    const store = { redis: stores.redis.url, postgres: stores.postgres.url }
    const { config, close } = await prepareHouse({ settings: { store } })
    t.after(close)
    await assert.rejects(compose({ config, env: {} }), expected)
    await assert.rejects(openPostgresRaises(stores.postgres.url, []), expected)
  })

  test('still serves the spend, ledger and export commands', async () => {
    for (const command of ['spend', 'ledger', 'export']) {
      const io = capture()
      const code = await runCli([command, '--store', stores.postgres.url], io)
      assert.equal(code, 0, `${command}: ${io.err()}`)
      assert.notEqual(io.out(), '')
    }
  })
})
