import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, type TestContext, test } from 'node:test'
import { nanoUsd } from '../../../src/base/money.ts'
import { isNoRoom } from '../../../src/ledger/ledger.ts'
import { BalanceScripts } from '../../../src/ledger/redis-postgres/balance-scripts.ts'
import { Balances } from '../../../src/ledger/redis-postgres/balances.ts'
import { openDatabase } from '../../../src/ledger/redis-postgres/database.ts'
import { HoldService } from '../../../src/ledger/redis-postgres/hold-service.ts'
import { Mirror } from '../../../src/ledger/redis-postgres/mirror.ts'
import { Retry } from '../../../src/ledger/redis-postgres/retry.ts'
import { RowRelay } from '../../../src/ledger/redis-postgres/row-relay.ts'
import { migrate } from '../../../src/ledger/redis-postgres/schema.ts'
import { TeamRegistry } from '../../../src/ledger/redis-postgres/team-registry.ts'
import { connect } from '../../../src/redis/connect.ts'
import { StoreUnavailable } from '../../../src/redis/store-unavailable.ts'
import { untilReady } from '../../../src/redis/until-ready.ts'
import { eventually } from '../../support/eventually.ts'
import { budget, closing, openRow } from '../../support/ledger-rows.ts'
import { type SharedStores, startSharedStores, withoutShared } from '../../support/shared-stores.ts'

const TEAM = 'trivium:{research}'
const LIMITED = budget(1_000)
const ASK = { atMost: nanoUsd(300), atLeast: nanoUsd(1) }

describe('balances that are lost just when a request ends', { skip: withoutShared }, () => {
  let stores: SharedStores
  before(async () => {
    stores = await startSharedStores()
  })
  beforeEach(() => stores.empty())
  after(() => stores.dispose())

  // A settlement that found no balances had them restored and tried once more. If they were lost again in between, it
  // took that for its end: no row was written, and nothing was booked.
  test('are restored as often as they are lost, until the request is settled', async (t) => {
    const { holdService, lose } = await opened(t)
    const hold = await holdService.hold(openRow(Date.now()), [LIMITED], ASK)
    assert.ok(!isNoRoom(hold))
    await lose(3)
    assert.equal(await hold.settle(closing(200)), true)
    assert.equal(await stores.redisCall('XLEN', `${TEAM}:rows`), '1')
    assert.equal(await standing(), '200 0')
  })

  // A hold whose answer was lost is released. If the balances were lost by then, that counted as done: the hold stood
  // until its lease ended, and its refused request was charged its bound.
  test('let a hold nobody was told of be released all the same', async (t) => {
    const { holdService, lose } = await opened(t, Deaf)
    await assert.rejects(holdService.hold(openRow(Date.now()), [LIMITED], ASK), StoreUnavailable)
    assert.equal(await standing(), '0 300')
    await lose(1)
    await eventually(async () => (await stores.redisCall('ZCARD', `${TEAM}:leases`)) === '0' || undefined)
    assert.equal(await standing(), '0 0')
    assert.equal(await stores.redisCall('XLEN', `${TEAM}:rows`), '0')
  })

  // It was taken for a hold that was lost with the balances, restored, and settled again.
  test('let a settlement that was made, but not answered, count once', async (t) => {
    class Mute extends BalanceScripts {
      #isMute = true
      override async end(...asked: Parameters<BalanceScripts['end']>) {
        const ended = await super.end(...asked)
        if (!this.#isMute) return ended
        this.#isMute = false
        await stores.redisCall('DEL', `${TEAM}:state`)
        throw new StoreUnavailable('no answer', { mayBeDone: true })
      }
    }
    const { holdService, relay } = await opened(t, Mute)
    const hold = await holdService.hold(openRow(Date.now()), [LIMITED], ASK)
    assert.ok(!isNoRoom(hold))
    assert.equal(await hold.settle(closing(200)), true)
    relay.mark('research')
    await relay.move()
    assert.equal(await standing(), '200 0')
    assert.deepEqual(await stores.query('SELECT cost_nusd::int AS cost FROM ledger'), [{ cost: 200 }])
  })

  async function opened(t: TestContext, Scripts = BalanceScripts) {
    const redis = connect(stores.redis.url, { deadlineMs: 5_000 })
    const pool = openDatabase(stores.postgres.url)
    t.after(() => Promise.all([redis.close(), pool.end()]))
    await Promise.all([untilReady(redis), migrate(pool)])
    let losses = 0
    const lose = async (times: number) => {
      losses = times - 1
      await stores.redisCall('DEL', `${TEAM}:state`)
    }
    class Unlucky extends Balances {
      override async ensure(team: string, at: number): Promise<void> {
        await super.ensure(team, at)
        if (losses > 0) await lose(losses)
      }
    }
    const registry = new TeamRegistry(redis)
    const holdService = new HoldService({
      scripts: new Scripts(redis, 60_000),
      balances: new Unlucky(redis, pool, registry, 0),
      mirror: new Mirror(),
      retry: new Retry(() => undefined),
      open: new Set(),
      loadPatienceMs: 5_000,
      onRow: () => undefined,
    })
    return {
      holdService,
      lose,
      relay: new RowRelay({ redis, moving: redis, pool, registry, consumer: 'relay' }),
    }
  }

  /** Spent and held. */
  async function standing(): Promise<string> {
    const field = async (name: string) =>
      Number(await stores.redisCall('HGET', `${TEAM}:team:total:all`, name))
    return `${await field('s')} ${await field('h')}`
  }
})

/** Takes money, but never hears of it. */
class Deaf extends BalanceScripts {
  override async take(...asked: Parameters<BalanceScripts['take']>) {
    const taken = await super.take(...asked)
    if (taken.word === 'ok') throw new StoreUnavailable('no answer', { mayBeDone: true })
    return taken
  }
}
