import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { openDatabase, transact } from '../../../src/ledger/redis-postgres/database.ts'
import { startPostgres, without } from '../../support/stores.ts'

// This used to end the process: a connection with no query running emitted an error event nobody handled.
test('a Postgres that dies between two statements fails the transaction, not the process', {
  skip: without.postgres,
}, async (t) => {
  const postgres = await startPostgres()
  t.after(() => postgres.dispose())
  const pool = openDatabase(postgres.url)
  t.after(() => pool.end())
  const between = transact(pool, async (client) => {
    await client.query('SELECT 1')
    await postgres.kill()
    await sleep(100)
  })
  await assert.rejects(between, /terminated|Connection|not queryable/i)
  await postgres.start()
  assert.deepEqual((await transact(pool, (client) => client.query('SELECT 2 AS two'))).rows, [{ two: 2 }])
})

// `pg` prints ten lines of warning about them to stderr, where one line per problem is promised.
test('TLS modes that mean full verification still request TLS and emit no warning', {
  skip: without.postgres,
}, async (t) => {
  const postgres = await startPostgres()
  t.after(() => postgres.dispose())
  const warnings: string[] = []
  const hear = (warning: Error) => warnings.push(warning.message)
  process.on('warning', hear)
  t.after(() => process.off('warning', hear))
  for (const mode of ['require', 'verify-ca', 'verify-full']) {
    const pool = openDatabase(`${postgres.url}?application_name=a&sslmode=${mode}`)
    await assert.rejects(pool.query('SELECT 1'), /does not support SSL/, 'TLS is still asked for')
    await pool.end()
  }
  await sleep(10)
  assert.deepEqual(warnings, [])
})
