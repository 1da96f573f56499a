import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { createSqliteAuditLog } from '../../src/ledger/sqlite/audit-log.ts'
import { openLabelBook } from '../../src/ledger/sqlite/label-book.ts'
import { ledgerOf } from '../../src/ledger/sqlite/ledger.ts'
import { openStore } from '../../src/ledger/sqlite/open.ts'
import { createSqliteRaiseLog } from '../../src/ledger/sqlite/raise-log.ts'
import { closingStore } from '../support/failing-stores.ts'
import { refusedRow } from '../support/ledger-rows.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'
import { auditLogContract } from './audit-log.ts'

auditLogContract('sqlite', async () => {
  const directory = temporaryDirectory()
  const file = join(directory.path, 'ledger.db')
  const store = openStore(file)
  const ledger = ledgerOf(store)
  const row = refusedRow(Date.now())
  await ledger.record(row)
  const labels = openLabelBook(file)
  return {
    audit: createSqliteAuditLog(store),
    raiseLog: createSqliteRaiseLog(store),
    failing: closingStore(createSqliteAuditLog),
    label: (labelling) => labels.label({ id: row.id, ...labelling }),
    dispose: async () => {
      await labels.close()
      await ledger.close()
      directory.dispose()
    },
  }
})

test('the database file itself refuses to change or delete audit lines', async (t) => {
  const directory = temporaryDirectory()
  t.after(() => directory.dispose())
  const store = openStore(join(directory.path, 'ledger.db'))
  t.after(() => store.close())
  await createSqliteAuditLog(store).note({ at: 1, who: 'me', action: 'login', subject: 'admin', detail: '' })
  assert.throws(() => store.database.exec("UPDATE audit_log SET who = 'you'"), /append-only/)
  assert.throws(() => store.database.exec('DELETE FROM audit_log'), /append-only/)
})
