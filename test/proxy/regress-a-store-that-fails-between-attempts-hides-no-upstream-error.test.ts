import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askWhole } from '../support/client.ts'
import { eventually } from '../support/eventually.ts'
import { openHouse } from '../support/house.ts'
import { startSharedStores, withoutShared } from '../support/shared-stores.ts'
import { chatBody, startWritten } from '../support/written-upstream.ts'

// An attempt that may have been billed needs more money for the next one. If Redis did not answer just then,
// the client got a 500 that asks to report a bug, and the log a stack trace.
test('when the ledger fails between two attempts, the client gets the upstream’s error, and the first attempt is paid for', {
  skip: withoutShared,
}, async (t) => {
  const stores = await startSharedStores()
  t.after(() => stores.dispose())
  const upstream = await startWritten(t, (response) => {
    stores.redis.freeze()
    response.socket?.destroy()
  })
  const house = await openHouse(t, {
    settings: { store: { redis: stores.redis.url, postgres: stores.postgres.url } },
    upstream: { base_url: upstream.baseUrl, retries: 1 },
  })
  t.after(() => stores.redis.thaw())
  const answer = await askWhole(house.chatUrl, { body: chatBody({ max_completion_tokens: 100 }) })
  assert.equal(answer.status, 502)
  assert.match(answer.text(), /"code": "upstream_broken"/)
  stores.redis.thaw()
  const row = await eventually(async () => (await stores.query('SELECT * FROM ledger'))[0])
  assert.equal(row.id, answer.headers['x-request-id'])
  assert.deepEqual([row.outcome, row.attempts, row.usage_source], ['upstream_error', 1, 'bound'])
  assert.ok(Number(row.cost_nusd) > 0)
  assert.equal(upstream.count, 1)
})
