import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { nanoUsd } from '../../../src/base/money.ts'
import { salvage } from '../../../src/cli/salvage.ts'
import { openLedger } from '../../../src/ledger/sqlite/ledger.ts'
import { openLedgerReader } from '../../../src/ledger/sqlite/reader.ts'
import { AT, ledgerFile } from '../../support/ledger-file.ts'
import { budget, refusedRow } from '../../support/ledger-rows.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'
import { capture } from '../cli/capture.ts'

const HEADER = 32
const FRAME = 24 + 4096
const COST = 1_000_000

/** What a process killed after some rows leaves behind: the file, its log and its index. */
async function killed(t: TestContext, rows = 40, last?: (database: DatabaseSync) => void) {
  const { file: own } = await ledgerFile(t)
  const ledger = openLedger(own)
  const before = ledger.balances([budget(1)], AT)[0]?.spent ?? 0
  for (let count = 0; count < rows; count += 1)
    await ledger.record(refusedRow(AT + count, { cost: nanoUsd(COST), outcome: 'ok' }))
  if (last !== undefined) {
    const beside = new DatabaseSync(own)
    last(beside)
    beside.close()
  }
  const file = join(temporaryFolder(t), 'left.db')
  for (const part of ['', '-wal', '-shm']) copyFileSync(own + part, file + part)
  await ledger.close()
  return { file, log: `${file}-wal`, spent: before + rows * COST }
}

function temporaryFolder(t: TestContext): string {
  const directory = temporaryDirectory()
  t.after(() => directory.dispose())
  return directory.path
}

function flip(file: string, at: number): void {
  const bytes = readFileSync(file)
  bytes[at] = (bytes[at] ?? 0) ^ 1
  writeFileSync(file, bytes)
}

test('an intact log is used, with or without its index', async (t) => {
  for (const isIndexed of [true, false]) {
    const { file, spent } = await killed(t)
    if (!isIndexed) rmSync(`${file}-shm`)
    const ledger = openLedger(file)
    assert.equal(ledger.balances([budget(1)], AT)[0]?.spent, spent)
    await ledger.close()
  }
})

for (const [what, harm] of [
  ['a bit of it is another', ({ log }) => flip(log, HEADER + 5 * FRAME + 1_000)],
  [
    'and nobody knows how long it was',
    ({ file, log }) => {
      flip(log, HEADER + 5 * FRAME + 1_000)
      rmSync(`${file}-shm`)
    },
  ],
  ['a frame says another round', ({ log }) => flip(log, HEADER + 9)],
  ['its header is another', ({ log }) => flip(log, 18)],
  ['it is cut', ({ log }) => truncateSync(log, HEADER + 10 * FRAME)],
  ['its last frame is cut', ({ log }) => truncateSync(log, readFileSync(log).length - 1)],
  ['it is empty', ({ log }) => truncateSync(log, 0)],
  ['it is gone', ({ log }) => rmSync(log)],
] satisfies readonly (readonly [string, (left: Awaited<ReturnType<typeof killed>>) => void])[]) {
  test(`startup and readers refuse the remains of a log: ${what}`, async (t) => {
    const left = await killed(t)
    harm(left)
    const before = existsSync(left.log) ? readFileSync(left.log) : undefined
    const refusal = { name: 'StoreError', message: /left\.db: the database is damaged: .*\bits log, .*-wal/ }
    assert.throws(() => openLedgerReader(left.file), refusal)
    assert.throws(() => openLedger(left.file), refusal)
    // An operator who has the missing part can still put it back.
    assert.deepEqual(existsSync(left.log) ? readFileSync(left.log) : undefined, before)
  })
}

test('salvage saves what precedes the damage, reports the loss, and leaves the damaged file as it is', async (t) => {
  const { file, log, spent } = await killed(t)
  flip(log, HEADER + 20 * FRAME + 1_000)
  const io = capture()
  assert.equal(await salvage.run([file, '--out', `${file}-new`], io), 1)
  assert.match(io.out(), /1 range could not be read/)
  const saved = openLedger(`${file}-new`)
  const left = saved.balances([budget(1)], AT)[0]?.spent ?? 0
  assert.ok(left < spent && left > spent - 40 * COST, String(left))
  await saved.close()
  assert.throws(() => openLedger(file), { name: 'StoreError' })
})

test('startup refuses a log whose file is missing and does not overwrite it', async (t) => {
  const { file, log } = await killed(t)
  rmSync(file)
  assert.throws(() => openLedger(file), { name: 'StoreError', message: /the file is missing, but its log/ })
  assert.ok(readFileSync(log).length > 0)
})

test('a reader beside a writing server never takes the log for incomplete', async (t) => {
  const { file } = await ledgerFile(t)
  const ledger = openLedger(file)
  t.after(() => ledger.close())
  for (let count = 0; count < 50; count += 1) {
    const recorded = ledger.record(refusedRow(AT + count, { outcome: 'ok' }))
    openLedgerReader(file).close()
    await recorded
  }
})

test('health reports a file that was removed or replaced under a server', async (t) => {
  for (const replaced of [false, true]) {
    const { file } = await ledgerFile(t)
    const ledger = openLedger(file)
    assert.deepEqual(ledger.health(), { ok: true })
    if (replaced) copyFileSync(file, `${file}-other`)
    rmSync(file)
    if (replaced) renameSync(`${file}-other`, file)
    const health = ledger.health()
    assert.equal(health.ok, false)
    assert.match(health.ok ? '' : health.why, /was removed or replaced/)
    await ledger.close()
  }
})

/** In blocks of 512 bytes: more than a ledger without rows needs, less than its log with one turn's prompts. */
const MOST_BLOCKS = 400
const NARROW = join(import.meta.dirname, '../../support/narrow-ledger.ts')

test('a transaction cut short by a full disk before a kill is not taken for a damaged log', async (t) => {
  const folder = temporaryFolder(t)
  const own = join(folder, 'own.db')
  const shell = ['-c', `ulimit -f ${MOST_BLOCKS}; exec "$0" "$1" "$2"`, process.execPath, NARROW, own]
  const { stdout, stderr, signal } = spawnSync('sh', shell, { encoding: 'utf8' })
  assert.equal(signal, 'SIGKILL', stderr)
  for (const isIndexed of [true, false]) {
    const file = join(folder, `left-${isIndexed}.db`)
    for (const part of isIndexed ? ['', '-wal', '-shm'] : ['', '-wal']) copyFileSync(own + part, file + part)
    openLedgerReader(file).close()
    const ledger = openLedger(file)
    assert.equal(ledger.balances([budget(1)], AT)[0]?.spent, Number(stdout))
    await ledger.close()
  }
})

test('after a machine crash, startup does not require frames that never reached the disk', async (t) => {
  const { file, log, spent } = await killed(t)
  flip(log, HEADER + 20 * FRAME + 1_000)
  for (const part of ['-wal', '-shm']) utimesSync(file + part, 0, 0)
  const ledger = openLedger(file)
  assert.ok((ledger.balances([budget(1)], AT)[0]?.spent ?? 0) < spent)
  await ledger.close()
})

test('a checkpointed log may be missing entirely but not in part, which would hide newer pages', async (t) => {
  const { file, log, spent } = await killed(t, 40, (database) =>
    database.exec('PRAGMA wal_checkpoint(PASSIVE)'),
  )
  const whole = readFileSync(log)
  truncateSync(log, HEADER + 10 * FRAME)
  assert.throws(() => openLedgerReader(file), { name: 'StoreError', message: /has only 10 of \d+ frames/ })
  assert.throws(() => openLedger(file), { name: 'StoreError', message: /has only 10 of \d+ frames/ })
  writeFileSync(log, whole)
  rmSync(log)
  const ledger = openLedger(file)
  assert.equal(ledger.balances([budget(1)], AT)[0]?.spent, spent)
  await ledger.close()
})

test('a log that belongs to another ledger is refused', async (t) => {
  const other = await killed(t, 3)
  for (const carryOver of [undefined, (database: DatabaseSync) => database.exec('PRAGMA wal_checkpoint')]) {
    const { file, log } = await killed(t, 40, carryOver)
    copyFileSync(other.log, log)
    assert.throws(() => openLedger(file), {
      name: 'StoreError',
      message: /has only 0 of \d+ frames: put the complete log back/,
    })
  }
})

test('a command given a symlink checks the log beside the target and leaves it in place', async (t) => {
  const { file, log } = await killed(t)
  const link = join(temporaryFolder(t), 'link.db')
  symlinkSync(file, link)
  truncateSync(log, HEADER + 10 * FRAME)
  const refusal = { name: 'StoreError', message: /the database is damaged: .*has only 10 of \d+ frames/ }
  assert.throws(() => openLedgerReader(link), refusal)
  assert.throws(() => openLedger(link), refusal)
  assert.equal(await salvage.run([link, '--out', `${file}-new`], capture()), 1)
  assert.throws(() => openLedger(file), refusal)
})
