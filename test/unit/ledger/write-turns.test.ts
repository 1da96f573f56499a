import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { openStore } from '../../../src/ledger/sqlite/open.ts'
import { WriteQueue } from '../../../src/ledger/sqlite/write-queue.ts'
import { StoreError } from '../../../src/ledger/store-error.ts'
import { temporaryDirectory } from '../../support/temporary-directory.ts'

/** A queue on a new store, and another program that has begun to write to it. */
function beside(t: TestContext) {
  const directory = temporaryDirectory()
  t.after(() => directory.dispose())
  const store = openStore(join(directory.path, 'ledger.db'))
  store.database.exec('CREATE TABLE note (text TEXT)')
  const insert = store.database.prepare("INSERT INTO note VALUES ('x')")
  const queue = new WriteQueue(store, { wrote: () => undefined })
  const other = new DatabaseSync(store.file)
  other.exec('BEGIN IMMEDIATE')
  t.after(() => {
    other.close()
    queue.close()
    store.close()
  })
  return { queue, other, write: () => queue.writeSoon(() => insert.run()) }
}

// A file of 6,000 labels made 3 of 1,000 requests beside it answer 503: each was refused after 50 ms.
test('a request waits while another program writes', async (t) => {
  const { queue, other, write } = beside(t)
  const written = write()
  await setTimeout(300)
  assert.equal(queue.problem, undefined)
  other.exec('COMMIT')
  await written
})

test('a program that keeps the file is a problem, until it lets go', async (t) => {
  const { queue, other, write } = beside(t)
  await assert.rejects(write(), StoreError)
  assert.match(queue.problem?.message ?? '', /locked by another process/)
  other.exec('COMMIT')
  await write()
  assert.equal(queue.problem, undefined)
})

test('a queue that is closed meanwhile says what it could not write', async (t) => {
  const { queue, write } = beside(t)
  const refused = assert.rejects(write(), /locked by another process/)
  await setTimeout(100)
  queue.close()
  await refused
})
