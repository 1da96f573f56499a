import { join } from 'node:path'
import { createSqliteEndedSessions } from '../../src/ledger/sqlite/ended-sessions.ts'
import { openStore } from '../../src/ledger/sqlite/open.ts'
import { closingStore } from '../support/failing-stores.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'
import { endedSessionsContract } from './ended-sessions.ts'

endedSessionsContract('sqlite', async () => {
  const directory = temporaryDirectory()
  const store = openStore(join(directory.path, 'ledger.db'))
  return {
    open: () => createSqliteEndedSessions(store),
    failing: closingStore(createSqliteEndedSessions),
    dispose: async () => {
      store.close()
      directory.dispose()
    },
  }
})
