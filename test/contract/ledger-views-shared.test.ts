import { after, before, describe } from 'node:test'
import { openPostgresViews } from '../../src/ledger/redis-postgres/views/postgres-views.ts'
import { eventually } from '../support/eventually.ts'
import { budget } from '../support/ledger-rows.ts'
import { type SharedStores, startSharedStores, withoutShared } from '../support/shared-stores.ts'
import { ledgerCountsContract } from './ledger-counts.ts'
import { ledgerViewsContract } from './ledger-views.ts'
import type { ViewsUnderTest } from './views-under-test.ts'

describe('postgres', { skip: withoutShared }, () => {
  let stores: SharedStores
  before(async () => {
    stores = await startSharedStores()
  })
  after(() => stores.dispose())

  async function create(): Promise<ViewsUnderTest> {
    await stores.empty()
    const replica = await stores.open({ budgets: [budget(1_000_000)] })
    const views = await openPostgresViews(stores.postgres.url)
    return {
      ledger: replica.ledger,
      views,
      openAnother: () => openPostgresViews(stores.postgres.url),
      settled: async (rows) => {
        await eventually(async () => {
          const [counted] = await stores.query('SELECT count(*)::integer AS rows FROM ledger')
          return Number(counted?.rows) >= rows ? true : undefined
        })
      },
      dispose: async () => {
        await views.close()
        await replica.close()
      },
    }
  }

  ledgerViewsContract('postgres', create)
  ledgerCountsContract('postgres', create)
})
