import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { askWhole } from '../support/client.ts'
import { type House, openHouse } from '../support/house.ts'
import { type SharedStores, startSharedStores, withoutShared } from '../support/shared-stores.ts'
import { chatBody } from '../support/written-upstream.ts'

// Peers that count in each process multiply a team's limit by the number of processes.
describe('three replicas on one Redis', { skip: withoutShared }, () => {
  let stores: SharedStores
  before(async () => {
    stores = await startSharedStores()
  })
  after(() => stores.dispose())

  test('admit as many requests a minute as one, and agree on how many are left', async (t) => {
    const options = {
      settings: { store: { redis: stores.redis.url, postgres: stores.postgres.url } },
      team: { limits: { requests_per_minute: 5 } },
    }
    const houses: House[] = []
    for (let count = 0; count < 3; count += 1) houses.push(await openHouse(t, options))
    const seen: (readonly [number, string | undefined])[] = []
    for (let round = 0; round < 3; round += 1) {
      for (const { chatUrl } of houses) {
        // On a busy machine Redis may seem to be away. Such a refusal does not count.
        let answer = await askWhole(chatUrl, { body: chatBody() })
        while (answer.status === 503) answer = await askWhole(chatUrl, { body: chatBody() })
        const { status, headers } = answer
        seen.push([status, status === 200 ? String(headers['x-ratelimit-remaining-requests']) : undefined])
      }
    }
    const served = ['4', '3', '2', '1', '0'].map((left) => [200, left])
    const refused = Array.from({ length: 4 }, () => [429, undefined])
    assert.deepEqual(seen, [...served, ...refused])
  })
})
