import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { openDatabase, transact } from '../../../src/ledger/redis-postgres/database.ts'

/**
 * A Postgres that restarts welcomes a new connection and says goodbye to it in one packet. Both were read at once,
 * before the code that had asked for the connection could listen for its errors, and an unhandled error event ends
 * the process.
 */
const WELCOME = Buffer.from('5200000008000000005a0000000549', 'hex')
const FIELDS = 'SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0'
const GOODBYE = Buffer.concat([
  Buffer.from('E'),
  Buffer.from([0, 0, 0, 4 + FIELDS.length]),
  Buffer.from(FIELDS),
])

test('a connection that ends as it begins fails only its own transaction', async (t) => {
  const server = createServer((socket) => {
    socket.once('data', () => socket.end(Buffer.concat([WELCOME, GOODBYE])))
    socket.on('error', () => {})
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const address = server.address()
  assert.ok(typeof address === 'object' && address !== null)
  const pool = openDatabase(`postgres://somebody@127.0.0.1:${address.port}/ledger`)
  for (let count = 0; count < 3; count += 1)
    await assert.rejects(
      transact(pool, (client) => client.query('SELECT 1')),
      Error,
    )
  await pool.end()
})
