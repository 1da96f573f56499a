import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { nanoUsd } from '../../src/base/money.ts'
import { openStore, type Store } from '../../src/ledger/sqlite/open.ts'
import { createSqliteRaiseLog } from '../../src/ledger/sqlite/raise-log.ts'
import { crashedCopy } from '../support/crashed-copy.ts'
import { closingStore } from '../support/failing-stores.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'
import { raiseLogContract } from './raise-log.ts'

raiseLogContract('sqlite', async () => {
  const directory = temporaryDirectory()
  const file = join(directory.path, 'ledger.db')
  const stores: Store[] = [openStore(file)]
  const [store] = stores
  assert.ok(store)
  return {
    log: createSqliteRaiseLog(store),
    failing: closingStore(createSqliteRaiseLog),
    shared: false,
    reopen: async () => {
      const crashed = openStore(crashedCopy(file, `${file}-crashed`))
      stores.push(crashed)
      return createSqliteRaiseLog(crashed)
    },
    dispose: async () => {
      for (const each of stores) each.close()
      directory.dispose()
    },
  }
})

test('the database file itself refuses to change or delete lines of the raise log', async (t) => {
  const directory = temporaryDirectory()
  t.after(() => directory.dispose())
  const store = openStore(join(directory.path, 'ledger.db'))
  t.after(() => store.close())
  await createSqliteRaiseLog(store).append({
    action: 'grant',
    raise: 'raise-1',
    budget: 'team:research/day',
    amount: nanoUsd(1),
    until: 2,
    at: 1,
    who: 'me',
    via: 'store',
    reason: 'why not',
  })
  assert.throws(() => store.database.exec('UPDATE raise_log SET amount_nusd = 2'), /append-only/)
  assert.throws(() => store.database.exec('DELETE FROM raise_log'), /append-only/)
})
