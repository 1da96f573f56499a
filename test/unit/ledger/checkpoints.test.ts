import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { Checkpoints } from '../../../src/ledger/sqlite/checkpoints.ts'
import { openStore } from '../../../src/ledger/sqlite/open.ts'
import { eventually } from '../../support/eventually.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'

/** Enough changes that a checkpoint is due. */
const MANY = 5_000
const LONG_TEXT = 'x'.repeat(100_000)

function open(t: TestContext) {
  const directory = temporaryDirectory()
  t.after(() => directory.dispose())
  const store = openStore(join(directory.path, 'ledger.db'))
  store.database.exec('CREATE TABLE note (text TEXT)')
  const note = store.database.prepare('INSERT INTO note VALUES (?)')
  return { store, checkpoints: new Checkpoints(store), note: () => note.run(LONG_TEXT) }
}

/** The salts in a log's header, which change when it restarts (https://sqlite.org/fileformat.html, 4.1). */
function roundOf(file: string): string {
  return readFileSync(`${file}-wal`).toString('hex', 16, 24)
}

test('checkpoints move the log into the file and restart it, and closing removes it', async (t) => {
  const { store, checkpoints, note } = open(t)
  for (let count = 0; count < 50; count += 1) note()
  const written = statSync(`${store.file}-wal`).size
  const isInFile = () => statSync(store.file).size > written / 2
  assert.equal(isInFile(), false, 'SQLite has left it in the log')
  const round = roundOf(store.file)
  checkpoints.wrote(MANY)
  await eventually(() => isInFile() || undefined)
  await eventually(() => {
    note()
    checkpoints.wrote(MANY)
    return roundOf(store.file) !== round || undefined
  })
  await checkpoints.close()
  store.close()
  assert.deepEqual([existsSync(`${store.file}-wal`), existsSync(`${store.file}-shm`)], [false, false])
})

test('a store whose file was moved away does not create a new one in its place', async (t) => {
  const { store, checkpoints, note } = open(t)
  note()
  renameSync(store.file, `${store.file}.moved`)
  checkpoints.wrote(MANY)
  await checkpoints.close()
  store.close()
  assert.equal(existsSync(store.file), false)
})

test('the thread of checkpoints gives way to the one that serves', {
  skip: process.platform !== 'linux' && 'only Linux keeps a niceness for each thread',
}, async (t) => {
  const { store, checkpoints } = open(t)
  const before = niceness(process.pid)
  checkpoints.wrote(MANY)
  const lowest = await eventually(() => {
    const most = Math.max(...readdirSync('/proc/self/task').map(Number).map(niceness))
    return most >= 10 ? most : undefined
  })
  await checkpoints.close()
  store.close()
  assert.deepEqual([niceness(process.pid), lowest], [before, Math.max(before, 10)])
})

/** Of one thread of this process, by field 19 of its `stat` (man 5 proc). */
function niceness(thread: number): number {
  const afterName = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8').split(') ').at(-1) ?? ''
  return Number(afterName.split(' ')[16])
}
