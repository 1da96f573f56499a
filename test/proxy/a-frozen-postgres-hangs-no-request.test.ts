import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { askWhole } from '../support/client.ts'
import { KEY, openHouse } from '../support/house.ts'
import { type SharedStores, startSharedStores, withoutShared } from '../support/shared-stores.ts'
import { chatBody } from '../support/written-upstream.ts'

// Requests that depend on Postgres used to hang while it was frozen, scrapes failed, and a replica did not shut down.
describe('while Postgres is frozen', { skip: withoutShared }, () => {
  let stores: SharedStores
  before(async () => {
    stores = await startSharedStores()
  })
  after(() => stores.dispose())

  test('only requests that depend on it fail, and chats and metrics are served', async (t) => {
    const house = await openHouse(t, {
      settings: { store: { redis: stores.redis.url, postgres: stores.postgres.url } },
    })
    const ask = () => askWhole(house.chatUrl, { body: chatBody() })
    for (let served = 0; served < 2; ) if ((await ask()).status === 200) served += 1
    stores.postgres.freeze()
    const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' }
    const body = JSON.stringify({ model: 'auto', input: 'And then?', previous_response_id: 'resp_nobody' })
    const scraped = fetch(`${house.adminUrl}/metrics`)
    const refused = await Promise.all([
      fetch(`${house.baseUrl}/responses/resp_nobody`, { headers }),
      fetch(`${house.baseUrl}/chat/completions/chatcmpl-nobody`, { headers }),
      fetch(`${house.baseUrl}/responses`, { method: 'POST', headers, body }),
    ])
    for (const answer of refused) {
      assert.equal(answer.status, 503)
      assert.match(await answer.text(), /"code": ?"store_unavailable"/)
    }
    assert.equal((await ask()).status, 200)
    const metrics = await scraped
    assert.equal(metrics.status, 200)
    assert.match(await metrics.text(), /^trivium_ready 1$/m)
    stores.postgres.thaw()
  })
})
