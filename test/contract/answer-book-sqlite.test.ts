import { join } from 'node:path'
import { createSqliteAnswerBook } from '../../src/ledger/sqlite/answer-book.ts'
import { openStore, type Store } from '../../src/ledger/sqlite/open.ts'
import { crashedCopy } from '../support/crashed-copy.ts'
import { closingStore } from '../support/failing-stores.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'
import { answerBookContract } from './answer-book.ts'

answerBookContract('sqlite', async () => {
  const directory = temporaryDirectory()
  const file = join(directory.path, 'ledger.db')
  const stores: Store[] = []
  const open = (path: string) => {
    const store = openStore(path)
    stores.push(store)
    return createSqliteAnswerBook(store)
  }
  return {
    book: open(file),
    failing: closingStore(createSqliteAnswerBook),
    reopen: async () => open(crashedCopy(file, `${file}-crashed`)),
    dispose: async () => {
      for (const store of stores) store.close()
      directory.dispose()
    },
  }
})
