import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, askWhole } from '../support/client.ts'
import { prepareHouse, readRows } from '../support/house.ts'
import { listening, startServe } from '../support/served-process.ts'
import { chatBody } from '../support/written-upstream.ts'

// Shutdown used to wait until every row was closed. On a full disk none ever was, so SIGTERM did nothing
// until somebody killed the process.
const PATIENCE_MS = 10_000

test('SIGTERM ends the process in time despite a row that a full disk keeps open, booked at its bound', async (t) => {
  const { config, database, simulator, close } = await prepareHouse()
  t.after(close)
  const served = startServe(t, ['--config', config], {}, { mostFileBytes: 400 * 1024 })
  const chatUrl = `${await listening(served)}/chat/completions`
  simulator.follow(({ stream }) => (stream ? { fault: { kind: 'pause', when: 'mid_frame' } } : undefined))
  const stream = await ask(chatUrl, { body: chatBody({ stream: true }) })
  let status = 200
  for (let asked = 0; status === 200 && asked < 1_000; asked += 1) {
    status = (await askWhole(chatUrl, { body: chatBody() })).status
  }
  assert.equal(status, 503)
  simulator.release()
  assert.equal(await stream.ended, 'whole')

  const toldAt = performance.now()
  served.child.kill('SIGTERM')
  const [, signal] = await served.exited
  assert.equal(signal, null)
  assert.ok(performance.now() - toldAt < PATIENCE_MS, `${performance.now() - toldAt} ms`)
  assert.match(served.printed.stderr, /ledger\.db/)

  const again = startServe(t, ['--config', config])
  await listening(again)
  const row = readRows(database).find(({ id }) => id === stream.headers['x-request-id'])
  assert.deepEqual([row?.outcome, row?.cost_nusd], ['unsettled', row?.held_nusd])
})
