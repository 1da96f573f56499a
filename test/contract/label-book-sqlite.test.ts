import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { openLabelBook } from '../../src/ledger/sqlite/label-book.ts'
import { openLedger } from '../../src/ledger/sqlite/ledger.ts'
import { openStore } from '../../src/ledger/sqlite/open.ts'
import { openLedgerReader } from '../../src/ledger/sqlite/reader.ts'
import { refusedRow } from '../support/ledger-rows.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'
import { labelBookContract } from './label-book.ts'

labelBookContract('sqlite', async () => {
  const directory = temporaryDirectory()
  const file = join(directory.path, 'ledger.db')
  const ledger = openLedger(file)
  const labels = openLabelBook(file)
  return {
    labels,
    record: (row) => ledger.record(row),
    openReader: async () => openLedgerReader(file),
    openAnother: async () => openLabelBook(file),
    dispose: async () => {
      await labels.close()
      await ledger.close()
      directory.dispose()
    },
  }
})

test('the database file itself refuses to change or delete lines of the label audit', async (t) => {
  const directory = temporaryDirectory()
  t.after(() => directory.dispose())
  const file = join(directory.path, 'ledger.db')
  const ledger = openLedger(file)
  const row = refusedRow(Date.now())
  await ledger.record(row)
  const labels = openLabelBook(file)
  await labels.label({ id: row.id, label: 'factual_recall', who: 'me', at: 1 })
  await labels.close()
  await ledger.close()
  const store = openStore(file)
  t.after(() => store.close())
  assert.throws(() => store.database.exec(`UPDATE label_log SET who = 'you'`), /append-only/)
  assert.throws(() => store.database.exec('DELETE FROM label_log'), /append-only/)
})

test('a missing file is reported in one line', () => {
  assert.throws(() => openLabelBook('absent/ledger.db'), { name: 'StoreError', message: /no such file/ })
})
