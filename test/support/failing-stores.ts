import assert from 'node:assert/strict'
import { join } from 'node:path'
import type pg from 'pg'
import { openDatabase } from '../../src/ledger/redis-postgres/database.ts'
import { openStore, type Store } from '../../src/ledger/sqlite/open.ts'
import { StoreError } from '../../src/ledger/store-error.ts'
import { temporaryDirectory } from './temporary-directory.ts'

/** Nothing listens on this port. */
const NOWHERE = 'postgres://trivium:secret@127.0.0.1:1/absent'

/** What an adapter for Postgres is created with, for a server that does not answer. */
export function absentPostgres(): [pool: pg.Pool, url: string] {
  return [openDatabase(NOWHERE), NOWHERE]
}

/** What an adapter for SQLite is created with, for a file that was closed while it was in use. */
export function closingStore<Book>(create: (store: Store) => Book): Book {
  const directory = temporaryDirectory()
  const store = openStore(join(directory.path, 'ledger.db'))
  const book = create(store)
  store.close()
  directory.dispose()
  return book
}

/** Every call rejects with a `StoreError` of one line, which does not contain a password. */
export async function assertStoreErrors(...calls: readonly (() => Promise<unknown>)[]): Promise<void> {
  for (const call of calls) {
    await assert.rejects(call, (error) => {
      assert.ok(error instanceof StoreError, String(error))
      assert.doesNotMatch(error.message, /\n|secret/)
      return true
    })
  }
}
