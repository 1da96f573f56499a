import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { nanoUsd } from '../../../src/base/money.ts'
import { isNoRoom } from '../../../src/ledger/ledger.ts'
import { accountsOf, teamKeys } from '../../../src/ledger/redis-postgres/team-keys.ts'
import { eventually } from '../../support/eventually.ts'
import { budget, closing, openRow } from '../../support/ledger-rows.ts'
import { type SharedStores, startSharedStores, withoutShared } from '../../support/shared-stores.ts'

const LIMITED = budget(1_000)

/**
 * A Redis that dies between two syncs, or whose replica takes over, forgets its last moments. A request that
 * was settled in them is open again, and is settled at its bound once its lease ends. If its row had reached
 * Postgres by then, the row kept the actual cost, but the budget was charged the bound for good.
 */
describe('a settlement that Redis forgot after its row had been moved', { skip: withoutShared }, () => {
  let stores: SharedStores
  before(async () => {
    stores = await startSharedStores()
  })
  after(() => stores.dispose())

  test('is charged what its row says', async (t) => {
    const { ledger, close } = await stores.open({ budgets: [LIMITED] })
    t.after(close)
    const row = openRow(Date.now())
    const hold = await ledger.hold(row, [LIMITED], { atMost: nanoUsd(300), atLeast: nanoUsd(300) })
    assert.ok(!isNoRoom(hold))
    const { hold: holdOf, late, leases } = teamKeys('research')
    // The lease comes back last: from then on the hold may be settled at its bound.
    const forgotten = [...accountsOf(row).map(({ name }) => name), holdOf(row.id), leases]
    for (const name of forgotten) await stores.redisCall('COPY', name, `${name}:before`)
    await hold.settle(closing(200))
    await eventually(async () => ((await rows()).length === 1 ? true : undefined))
    await stores.redisCall('DEL', late(row.id))
    for (const name of forgotten) await stores.redisCall('COPY', `${name}:before`, name, 'REPLACE')
    await eventually(async () => (await standing()) === '200 0' || undefined)
    assert.deepEqual(await rows(), [{ outcome: 'ok', cost: 200 }])
  })

  async function rows() {
    return stores.query('SELECT outcome, cost_nusd::int AS cost FROM ledger')
  }

  /** Spent and held. */
  async function standing(): Promise<string> {
    const field = async (name: string) =>
      Number(await stores.redisCall('HGET', 'trivium:{research}:team:total:all', name))
    return `${await field('s')} ${await field('h')}`
  }
})
