import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, type TestContext, test } from 'node:test'
import { type NanoUsd, nanoUsd } from '../../../src/base/money.ts'
import { type Hold, isNoRoom, type Ledger } from '../../../src/ledger/ledger.ts'
import { eventually } from '../../support/eventually.ts'
import { budget, closing, openRow } from '../../support/ledger-rows.ts'
import {
  type ReplicaOptions,
  type SharedStores,
  startSharedStores,
  withoutShared,
} from '../../support/shared-stores.ts'

const LIMITED = budget(1_000)
const TEAM = 'trivium:{research}'
const ACCOUNT = `${TEAM}:team:total:all`
/** Long enough that no other replica settles a hold within the test. */
const LONG_MS = 60_000

/**
 * A team's state was evicted, or deleted by hand, while holds were open. The balances were restored with nothing
 * held, and each of those holds was then subtracted when it ended. The held sum went below zero and stayed there,
 * as room to overspend.
 */
describe('a team state that is lost on its own', { skip: withoutShared }, () => {
  let stores: SharedStores
  before(async () => {
    stores = await startSharedStores()
  })
  beforeEach(() => stores.empty())
  after(() => stores.dispose())

  test('takes no hold with it, not even one whose replica is gone', async (t) => {
    const gone = await replica(t, { leaseMs: LONG_MS })
    const [first, second] = [await taken(gone, 300), await taken(gone, 300)]
    await first.settle(closing(200))
    await eventually(async () => (await stores.redisCall('XLEN', `${TEAM}:rows`)) === '0' || undefined)
    await stores.redisCall('DEL', `${TEAM}:state`)
    // This one polls the budget, and so restores the balances.
    const living = await replica(t, { budgets: [LIMITED] })
    await eventually(async () => (await standing()) === '200 300' || undefined)
    const refused = await eventually(() =>
      living.hold(openRow(Date.now()), [LIMITED], ask(600)).catch(() => undefined),
    )
    assert.ok(isNoRoom(refused) && refused.refused === 'held')
    await second.settle(closing(100))
    assert.equal(await standing(), '300 0')
  })

  test('is restored by a request that ends, which is paid for once', async (t) => {
    const ledger = await replica(t, { leaseMs: LONG_MS })
    const hold = await taken(ledger, 300)
    await stores.redisCall('DEL', `${TEAM}:state`)
    assert.equal(await hold.settle(closing(200)), true)
    assert.equal(await standing(), '200 0')
    assert.equal(await stores.redisCall('ZCARD', `${TEAM}:leases`), '0')
  })

  test('leaves no negative balance when part of an account is lost with it', async (t) => {
    const ledger = await replica(t, { leaseMs: LONG_MS })
    const [first, second] = [await taken(ledger, 300), await taken(ledger, 300)]
    await stores.redisCall('HSET', ACCOUNT, 'h', '100')
    await second.settle(closing(200))
    assert.equal(await standing(), '200 0')
    await first.settle(closing(40))
    assert.equal(await standing(), '240 0')
  })

  test('is not needed to restore a lease that was lost on its own', async (t) => {
    const ledger = await replica(t, {})
    const hold = await taken(ledger, 300)
    await stores.redisCall('DEL', `${TEAM}:leases`)
    await eventually(async () => (await stores.redisCall('ZCARD', `${TEAM}:leases`)) === '1' || undefined)
    assert.equal(await standing(), '0 300')
    await hold.settle(closing(200))
  })

  /** Spent and held. */
  async function standing(): Promise<string> {
    const field = async (name: string) => Number(await stores.redisCall('HGET', ACCOUNT, name))
    return `${await field('s')} ${await field('h')}`
  }

  async function replica(t: TestContext, options: ReplicaOptions): Promise<Ledger> {
    const { ledger, close } = await stores.open(options)
    t.after(close)
    return ledger
  }
})

function ask(amount: number): { readonly atMost: NanoUsd; readonly atLeast: NanoUsd } {
  return { atMost: nanoUsd(amount), atLeast: nanoUsd(amount) }
}

async function taken(ledger: Ledger, amount: number): Promise<Hold> {
  const hold = await ledger.hold(openRow(Date.now()), [LIMITED], ask(amount))
  assert.ok(!isNoRoom(hold))
  return hold
}
