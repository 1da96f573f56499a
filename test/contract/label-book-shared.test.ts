import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { nanoUsd } from '../../src/base/money.ts'
import { isNoRoom } from '../../src/ledger/ledger.ts'
import { openPostgresLabelBook } from '../../src/ledger/redis-postgres/label-book.ts'
import { openPostgresReader } from '../../src/ledger/redis-postgres/reader.ts'
import { eventually } from '../support/eventually.ts'
import { closing, openRow } from '../support/ledger-rows.ts'
import { type SharedStores, startSharedStores, withoutShared } from '../support/shared-stores.ts'
import { labelBookContract } from './label-book.ts'

describe('postgres', { skip: withoutShared }, () => {
  let stores: SharedStores
  before(async () => {
    stores = await startSharedStores()
  })
  after(() => stores.dispose())

  async function untilThere(id: string): Promise<void> {
    await eventually(async () => (await stores.query('SELECT 1 FROM ledger WHERE id = $1', [id]))[0])
  }

  labelBookContract('postgres', async () => {
    await stores.empty()
    const replica = await stores.open()
    const labels = await openPostgresLabelBook(stores.postgres.url)
    return {
      labels,
      record: async (row) => {
        await replica.ledger.record(row)
        await untilThere(row.id)
      },
      openReader: () => openPostgresReader(stores.postgres.url),
      openAnother: () => openPostgresLabelBook(stores.postgres.url),
      dispose: async () => {
        await labels.close()
        await replica.close()
      },
    }
  })

  test('regress: the late settlement of a frozen replica’s request does not remove its label', async (t) => {
    await stores.empty()
    // Renewed so seldom that the lease cannot be saved once it is overdue.
    const frozen = await stores.open({ leaseMs: 3_600_000 })
    t.after(() => frozen.close())
    const labels = await openPostgresLabelBook(stores.postgres.url)
    t.after(() => labels.close())
    const row = openRow(Date.now())
    const hold = await frozen.ledger.hold(row, [], { atMost: nanoUsd(500), atLeast: nanoUsd(500) })
    assert.ok(!isNoRoom(hold))
    await stores.redisCall('ZADD', `trivium:{${row.team}}:leases`, 'XX', '1', row.id)
    const other = await stores.open()
    t.after(() => other.close())
    await untilThere(row.id)
    await labels.label({ id: row.id, label: 'factual_recall', who: 'me', at: 1 })
    await hold.settle(closing(100))
    const settled = `SELECT label, labelled_by FROM ledger WHERE id = $1 AND outcome = 'ok'`
    const line = await eventually(async () => (await stores.query(settled, [row.id]))[0])
    assert.deepEqual(line, { label: 'factual_recall', labelled_by: 'me' })
  })
})
