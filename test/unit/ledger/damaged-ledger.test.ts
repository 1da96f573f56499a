import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { nanoUsd } from '../../../src/base/money.ts'
import { check } from '../../../src/cli/check.ts'
import { salvage } from '../../../src/cli/salvage.ts'
import { openLedger } from '../../../src/ledger/sqlite/ledger.ts'
import { openLedgerReader } from '../../../src/ledger/sqlite/reader.ts'
import { ALL_SPENT, AT, ledgerFile, overwrite, PAGE, ROWS } from '../../support/ledger-file.ts'
import { budget, refusedRow } from '../../support/ledger-rows.ts'
import { capture } from '../cli/capture.ts'
import { sample, write } from '../config/sample.ts'

function rootPage(file: string, table: string): number {
  const database = new DatabaseSync(file, { readOnly: true })
  const root = database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(table)?.rootpage
  database.close()
  return Number(root)
}

/** How many rows each table has. */
function contentsOf(file: string) {
  const database = new DatabaseSync(file, { readOnly: true })
  const tables = database.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`).all()
  const counts = tables.map(({ name }) => [
    name,
    database.prepare(`SELECT count(*) AS rows FROM ${name}`).get()?.rows,
  ])
  database.close()
  return counts
}

function edit(file: string, sql: string): void {
  const database = new DatabaseSync(file)
  database.exec(sql)
  database.close()
}

async function checked(t: TestContext, file: string) {
  const io = capture()
  const config = write(t, sample(`store: { sqlite: ${JSON.stringify(file)} }`))
  const code = await check.run(['--config', config, '--offline', '--ledger'], io)
  return { code, out: io.out() }
}

test('check --ledger reports an intact ledger as intact', async (t) => {
  const { file } = await ledgerFile(t)
  const { code, out } = await checked(t, file)
  assert.match(out, /^ledger: intact, 2,000 rows, every balance equals the sum of its rows$/m)
  assert.equal(code, 0)
})

test('startup finds damaged sums and reports them in one line', async (t) => {
  const { file } = await ledgerFile(t)
  overwrite(file, rootPage(file, 'tally_day') - 1)
  assert.throws(() => openLedger(file), {
    name: 'StoreError',
    message: /ledger\.db: the database is damaged: .+$/,
  })
  const { code, out } = await checked(t, file)
  assert.match(out, /^ledger: FAILS, .*damaged/m)
  assert.equal(code, 1)
})

test('damage among old rows does not block startup, and check --ledger finds it', async (t) => {
  const { file, ids } = await ledgerFile(t)
  overwrite(file, Math.floor(readFileSync(file).indexOf(ids[ROWS / 2] ?? '') / PAGE))
  const ledger = openLedger(file)
  const spent = ledger.balances([budget(1)], AT)[0]?.spent
  assert.equal(spent, ALL_SPENT)
  await ledger.close()
  const { code, out } = await checked(t, file)
  assert.match(out, /^ledger: FAILS, /m)
  assert.equal(code, 1)
})

test('salvage keeps the readable rows, and balances still include the cost of the rest', async (t) => {
  const { file, ids } = await ledgerFile(t)
  for (const place of [300, 1_000, 1_700])
    overwrite(file, Math.floor(readFileSync(file).indexOf(ids[place] ?? '') / PAGE))
  const io = capture()
  const out = `${file}-new`
  assert.equal(await salvage.run([file, '--out', out], io), 1)
  assert.match(io.out(), /: 1,9\d\d rows, 3 ranges could not be read; sums: copied$/m)
  const ledger = openLedger(out)
  assert.equal(ledger.balances([budget(1)], AT)[0]?.spent, ALL_SPENT)
  await ledger.record(refusedRow(AT + ROWS * 60_000, { cost: nanoUsd(5), outcome: 'ok' }))
  assert.equal(ledger.balances([budget(1)], AT)[0]?.spent, ALL_SPENT + 5)
  await ledger.close()
  await assert.rejects(salvage.run([file, '--out', out], io), {
    message: /is a database, which would be lost/,
  })
})

test('salvage recomputes unreadable sums from the rows', async (t) => {
  const { file } = await ledgerFile(t)
  overwrite(file, rootPage(file, 'tally_hour') - 1)
  const io = capture()
  const out = `${file}-new`
  assert.equal(await salvage.run([file, '--out', out], io), 1)
  assert.match(io.out(), /: 2,000 rows, nothing is lost; sums: recomputed$/m)
  await openLedger(out).close()
  assert.equal((await checked(t, out)).code, 0)
})

test('salvage of an undamaged file keeps everything', async (t) => {
  const { file } = await ledgerFile(t)
  edit(
    file,
    `INSERT INTO raise_log VALUES (1, 1, 'grant', 'raise-1', 'team:research/total', 5, 9, 'ada', 'store', 'a demo');
     INSERT INTO alert (id, at, facts) VALUES ('alert_1', 1, '{}')`,
  )
  const io = capture()
  assert.equal(await salvage.run([file, '--out', `${file}-new`], io), 0)
  assert.match(io.out(), /: 2,000 rows, nothing is lost; sums: copied$/m)
  assert.equal((await checked(t, `${file}-new`)).code, 0)
  assert.deepEqual(contentsOf(`${file}-new`), contentsOf(file))
})

test('a truncated file is refused with a one-line error', async (t) => {
  const { file } = await ledgerFile(t)
  writeFileSync(file, readFileSync(file).subarray(0, 20 * PAGE))
  assert.throws(() => openLedger(file), { name: 'StoreError', message: /ledger\.db: .*damaged[^\n]*$/ })
})

test('sums that do not match their rows are found, and the SQL in the docs recomputes them', async (t) => {
  const { file } = await ledgerFile(t)
  edit(file, 'UPDATE tally_hour SET cost_nusd = cost_nusd + 1 WHERE hour % 2 = 0; DELETE FROM tally_day')
  const { code, out } = await checked(t, file)
  assert.equal(code, 1)
  assert.match(out, /^ledger: FAILS, 17 hourly sums do not match their rows$/m)
  assert.match(out, /^ledger: FAILS, 2 daily sums do not match their hours$/m)
  const [, sql] = /```sql\n(.*?UPDATE tally_mark.*?)```/s.exec(readFileSync('docs/ledger.md', 'utf8')) ?? []
  edit(file, sql ?? '')
  await openLedger(file).close()
  assert.equal((await checked(t, file)).code, 0)
  const reader = openLedgerReader(file)
  t.after(() => reader.close())
  assert.equal(reader.spend('team', {})[0]?.cost_nusd, ALL_SPENT)
})
