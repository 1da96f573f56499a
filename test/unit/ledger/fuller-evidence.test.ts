import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { nanoUsd } from '../../../src/base/money.ts'
import { isNoRoom, type Ledger } from '../../../src/ledger/ledger.ts'
import type { LedgerReader } from '../../../src/ledger/reader.ts'
import { openPostgresReader } from '../../../src/ledger/redis-postgres/reader.ts'
import { ledgerOf } from '../../../src/ledger/sqlite/ledger.ts'
import { openStore } from '../../../src/ledger/sqlite/open.ts'
import { openLedgerReader } from '../../../src/ledger/sqlite/reader.ts'
import { budget, closing, openRow } from '../../support/ledger-rows.ts'
import { startSharedStores, withoutShared } from '../../support/shared-stores.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'

const ALL = budget(1_000_000)
const FULLER = { fullerEvidence: '{"logits":[1,2,3],"shadow":{"class":"stem_reasoning"}}' }

/** Makes two requests, the first of which ends with fuller evidence, then closes the ledger. */
async function serve({
  ledger,
  close,
}: {
  ledger: Ledger
  close(): Promise<void>
}): Promise<readonly string[]> {
  const rows = [openRow(Date.now()), openRow(Date.now())]
  for (const [index, row] of rows.entries()) {
    const hold = await ledger.hold(row, [ALL], { atMost: nanoUsd(100), atLeast: nanoUsd(100) })
    assert.ok(!isNoRoom(hold))
    await hold.settle(closing(60, index === 0 ? FULLER : {}))
  }
  await close()
  return rows.map(({ id }) => id)
}

async function assertKept(reader: LedgerReader, [fuller = '', plain = '']: readonly string[]): Promise<void> {
  assert.deepEqual((await reader.row(fuller))?.evidence, JSON.parse(FULLER.fullerEvidence))
  assert.deepEqual((await reader.row(plain))?.evidence, JSON.parse(openRow(0).evidence ?? ''))
}

test('evidence added when a request ends is stored in its row, in SQLite', async (t) => {
  const { path, dispose } = temporaryDirectory()
  t.after(dispose)
  const file = join(path, 'ledger.db')
  const ledger = ledgerOf(openStore(file))
  const ids = await serve({ ledger, close: () => ledger.close() })
  const reader = openLedgerReader(file)
  t.after(() => reader.close())
  await assertKept(reader, ids)
})

test('evidence added when a request ends is stored in its row, in Postgres', {
  skip: withoutShared,
}, async (t) => {
  const stores = await startSharedStores()
  t.after(() => stores.dispose())
  const ids = await serve(await stores.open({ budgets: [ALL] }))
  const reader = await openPostgresReader(stores.postgres.url)
  t.after(() => reader.close())
  await assertKept(reader, ids)
})
