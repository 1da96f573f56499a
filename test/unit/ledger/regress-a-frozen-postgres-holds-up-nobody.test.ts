import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, type TestContext, test } from 'node:test'
import { nanoUsd } from '../../../src/base/money.ts'
import { isNoRoom } from '../../../src/ledger/ledger.ts'
import { openDatabase, transact } from '../../../src/ledger/redis-postgres/database.ts'
import { eventually } from '../../support/eventually.ts'
import { budget, closing, openRow } from '../../support/ledger-rows.ts'
import { type SharedStores, startSharedStores, withoutShared } from '../../support/shared-stores.ts'

const TEAM = budget(1_000_000)
const ROWS = 'trivium:{research}:rows'

/**
 * A frozen Postgres answers neither a statement nor a goodbye. Requests that asked it who holds a response used to
 * hang, and so did process shutdown, for as long as it was frozen.
 */
describe('a Postgres that freezes', { skip: withoutShared }, () => {
  let stores: SharedStores
  before(async () => {
    stores = await startSharedStores()
  })
  beforeEach(() => stores.empty())
  after(() => stores.dispose())

  test('costs each caller one connection and a short wait, and does not block shutdown', async (t) => {
    const database = openDatabase(stores.postgres.url, { statementMs: 200 })
    const add = () => transact(database, (client) => client.query('INSERT INTO seen VALUES (1)'))
    await database.query('CREATE TABLE seen (number integer)')
    await Promise.all([add(), add()])
    freeze(t)
    await Promise.all([
      assert.rejects(database.query('SELECT 1'), /timeout/),
      assert.rejects(add(), /timeout/),
    ])
    stores.postgres.thaw()
    await add()
    freeze(t)
    const unanswered = assert.rejects(add())
    await database.end()
    await unanswered
    stores.postgres.thaw()
    assert.deepEqual(await stores.query('SELECT count(*)::int AS count FROM seen'), [{ count: 3 }])
  })

  test('is reported, and fails the queries of people and requests', async (t) => {
    const { ledger, answerBook, raiseLog, close } = await replica()
    t.after(close)
    await raiseLog.entries()
    freeze(t)
    await settled(ledger)
    await Promise.all([
      assert.rejects(answerBook.find('resp_1')),
      assert.rejects(raiseLog.entries()),
      eventually(() => {
        const health = ledger.health()
        return (health.ok && /postgres has not answered/.test(health.warning ?? '')) || undefined
      }),
    ])
    stores.postgres.thaw()
    assert.deepEqual(await eventually(() => raiseLog.entries().catch(() => undefined)), [])
  })

  test('keeps the rows of a replica that shuts down in Redis for the next one', async (t) => {
    const going = await replica()
    await settled(going.ledger)
    await eventually(async () => (await stores.redisCall('XLEN', ROWS)) === '0' || undefined)
    freeze(t)
    await settled(going.ledger)
    going.answerBook.note(['resp_1'], HOLDER, Date.now())
    await going.close()
    assert.equal(await stores.redisCall('XLEN', ROWS), '1')
  })

  const HOLDER = { team: 'research', model: 'gpt-4o', upstream: 'openai', class: null, tokens: undefined }

  function replica() {
    return stores.open({ budgets: [TEAM] })
  }

  function freeze(t: TestContext): void {
    stores.postgres.freeze()
    t.after(() => stores.postgres.thaw())
  }
})

type Books = Awaited<ReturnType<SharedStores['open']>>

async function settled(ledger: Books['ledger']): Promise<void> {
  const ask = { atMost: nanoUsd(10), atLeast: nanoUsd(10) }
  const hold = await ledger.hold(openRow(Date.now()), [TEAM], ask)
  assert.ok(!isNoRoom(hold))
  await hold.settle(closing(7))
}
