import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openLedger } from '../../src/ledger/sqlite/ledger.ts'
import { createThreadedViews } from '../../src/ledger/sqlite/views/threaded-views.ts'
import { eventually } from '../support/eventually.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'
import { ledgerCountsContract } from './ledger-counts.ts'
import { ledgerViewsContract } from './ledger-views.ts'
import type { ViewsUnderTest } from './views-under-test.ts'

async function create(): Promise<ViewsUnderTest> {
  const directory = temporaryDirectory()
  const file = join(directory.path, 'ledger.db')
  const ledger = openLedger(file)
  const views = createThreadedViews(file)
  const database = new DatabaseSync(file, { readOnly: true })
  const ended = database.prepare('SELECT count(*) AS rows FROM ledger WHERE outcome IS NOT NULL')
  return {
    ledger,
    views,
    openAnother: async () => createThreadedViews(file),
    settled: async (rows) => {
      await eventually(() => (Number(ended.get()?.rows) >= rows ? true : undefined))
    },
    dispose: async () => {
      database.close()
      await views.close()
      await ledger.close()
      directory.dispose()
    },
  }
}

ledgerViewsContract('sqlite', create)
ledgerCountsContract('sqlite', create)
