import { join } from 'node:path'
import { createSqliteAlertBook } from '../../src/ledger/sqlite/alert-book.ts'
import { openStore, type Store } from '../../src/ledger/sqlite/open.ts'
import { crashedCopy } from '../support/crashed-copy.ts'
import { closingStore } from '../support/failing-stores.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'
import { alertBookContract } from './alert-book.ts'

alertBookContract('sqlite', async () => {
  const directory = temporaryDirectory()
  const file = join(directory.path, 'ledger.db')
  const stores: Store[] = []
  const open = (path: string) => {
    const store = openStore(path)
    stores.push(store)
    return createSqliteAlertBook(store)
  }
  return {
    book: open(file),
    failing: closingStore(createSqliteAlertBook),
    reopen: async () => open(crashedCopy(file, `${file}-crashed`)),
    dispose: async () => {
      for (const store of stores) store.close()
      directory.dispose()
    },
  }
})
