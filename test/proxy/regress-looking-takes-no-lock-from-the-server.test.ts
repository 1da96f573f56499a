import assert from 'node:assert/strict'
import { readFileSync, statSync } from 'node:fs'
import { platform } from 'node:os'
import { test } from 'node:test'
import { compose } from '../../src/compose.ts'
import { openLedgerReader } from '../../src/ledger/sqlite/reader.ts'
import { ADMIN_TOKEN, asAdmin } from '../support/admin-api.ts'
import { askWhole } from '../support/client.ts'
import { prepareHouse } from '../support/house.ts'
import { chatBody } from '../support/written-upstream.ts'

// The first look at the console used to make the server lose SQLite's lock on the WAL index. The next command
// then took itself for the first process, truncated the index beneath the server, and the server died of
// SIGBUS.

/** This process's locks on a file, according to the kernel. */
function locksOn(file: string): number {
  const { ino } = statSync(file)
  const own = readFileSync('/proc/locks', 'utf8').split('\n')
  return own.filter((line) => line.includes(` ${process.pid} `) && line.includes(`:${ino} `)).length
}

test('reading the ledger, by the console or a reader beside it, takes no lock from the server', async (t) => {
  assert.equal(platform(), 'linux', 'the kernel’s locks are read as Linux tells them')
  const server = { listen: '127.0.0.1:0', admin: '127.0.0.1:0', admin_token: ADMIN_TOKEN }
  const { config, database, close } = await prepareHouse({ settings: { server } })
  const trivium = await compose({ config, env: {} })
  t.after(async () => {
    await trivium.close()
    await close()
  })
  const url = `${trivium.dataUrl}/v1/chat/completions`
  assert.equal((await askWhole(url, { body: chatBody() })).status, 200)
  const before = locksOn(`${database}-shm`)
  assert.ok(before > 0)
  for (const path of [
    '/api/requests',
    '/api/overview?window=24h',
    '/api/review',
    '/api/audit',
    '/api/teams',
  ]) {
    const answer = await fetch(trivium.adminUrl + path, { headers: asAdmin })
    assert.equal(answer.status, 200, path)
    await answer.arrayBuffer()
    assert.ok(locksOn(`${database}-shm`) >= before, `after ${path}`)
  }
  openLedgerReader(database).close()
  assert.ok(locksOn(`${database}-shm`) >= before, 'after a reader in the same process')
})
