import assert from 'node:assert/strict'
import { chmodSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { backUp, restore } from '../../../src/ledger/sqlite/backup.ts'
import { openStore } from '../../../src/ledger/sqlite/open.ts'
import { openLedgerReader } from '../../../src/ledger/sqlite/reader.ts'
import { ledgerFile, ROWS } from '../../support/ledger-file.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'

const NOBODY = 65_534

/** Root ignores file modes, so this runs as another user. */
function unprivileged<Done>(run: () => Done): Done {
  if (process.geteuid?.() !== 0) return run()
  process.seteuid?.(NOBODY)
  try {
    return run()
  } finally {
    process.seteuid?.(0)
  }
}

test('a stopped ledger in a read-only folder can be read and backed up, but no server starts on it', async (t) => {
  const { file } = await ledgerFile(t)
  const [folder, elsewhere] = [dirname(file), temporaryDirectory()]
  t.after(() => elsewhere.dispose())
  for (const name of readdirSync(folder)) if (name !== 'ledger.db') rmSync(join(folder, name))
  chmodSync(folder, 0o555)
  chmodSync(elsewhere.path, 0o777)
  const look = () => {
    const reader = openLedgerReader(file)
    assert.equal([...reader.rows({})].length, ROWS)
    reader.close()
    assert.equal(backUp(file, join(elsewhere.path, 'copy.db')).rows, ROWS)
    assert.throws(() => openStore(file), { name: 'StoreError', message: /ledger\.db/ })
  }
  try {
    unprivileged(look)
  } finally {
    chmodSync(folder, 0o755)
  }
  assert.deepEqual(readdirSync(folder), ['ledger.db'])
})

test('a backup goes into a folder that cannot be listed, and a read-only one is restored', async (t) => {
  const { file } = await ledgerFile(t)
  const [folder, elsewhere] = [temporaryDirectory(), temporaryDirectory()]
  for (const { path } of [folder, elsewhere]) chmodSync(path, 0o777)
  chmodSync(dirname(file), 0o777)
  const [backup, to] = [join(folder.path, 'copy.db'), join(elsewhere.path, 'ledger.db')]
  chmodSync(folder.path, 0o333)
  try {
    unprivileged(() => {
      assert.equal(backUp(file, backup).rows, ROWS)
      chmodSync(backup, 0o400)
      assert.equal(restore(backup, to).rows, ROWS)
      openStore(to).close()
      const nowhere = join(to, 'ledger.db')
      assert.throws(() => restore(backup, nowhere), {
        name: 'StoreError',
        message: /ledger\.db: EEXIST|ENOTDIR/,
      })
    })
  } finally {
    chmodSync(folder.path, 0o777)
    for (const each of [folder, elsewhere]) each.dispose()
  }
})
