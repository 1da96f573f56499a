import assert from 'node:assert/strict'
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { test } from 'node:test'
import { compose } from '../../src/compose.ts'
import { askWhole } from '../support/client.ts'
import { eventually } from '../support/eventually.ts'
import { keyEntry, prepareHouse } from '../support/house.ts'

// The watch began with the file as it was once everything had been read and compiled. What was written in
// between, for up to a second, was not seen until somebody changed the file again.
test('a key revoked after the configuration was read at start, but before it is in force, is refused', async (t) => {
  const [revoked, kept] = ['sk-revoked', 'sk-kept']
  const house = await prepareHouse({ team: { keys: [keyEntry(revoked), keyEntry(kept)] } })
  t.after(house.close)
  const { readFileSync } = fs
  let isRead = false
  const reading = t.mock.method(fs, 'readFileSync', (...asked: Parameters<typeof readFileSync>) => {
    const text = readFileSync(...asked)
    if (asked[0] === house.config && !isRead) {
      isRead = true
      house.rewrite({ team: { keys: [keyEntry(kept)] } })
    }
    return text
  })
  syncBuiltinESMExports()
  const trivium = await compose({ config: house.config, env: {} }).finally(() => {
    reading.mock.restore()
    syncBuiltinESMExports()
  })
  t.after(trivium.close)
  const statusOf = async (key: string) =>
    (await askWhole(`${trivium.dataUrl}/v1/models`, { method: 'GET', key })).status
  await eventually(async () => ((await statusOf(revoked)) === 401 ? true : undefined))
  assert.equal(await statusOf(kept), 200)
})
