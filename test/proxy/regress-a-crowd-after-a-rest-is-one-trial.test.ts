import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askWhole } from '../support/client.ts'
import { eventually } from '../support/eventually.ts'
import { openHouse } from '../support/house.ts'
import { startSharedStores, withoutShared } from '../support/shared-stores.ts'

const CLIENTS = 50

/**
 * Clients that were told the same time to wait come back at once. All that were decided on before the first
 * of them had its money held were sent to the target as well, and hung with it.
 */
test('after its rest one request tries a target, however many come at once', {
  skip: withoutShared,
}, async (t) => {
  const stores = await startSharedStores()
  t.after(() => stores.dispose())
  let ahead = 0
  const house = await openHouse(t, {
    upstream: { retries: 0 },
    settings: { store: { redis: stores.redis.url, postgres: stores.postgres.url } },
    clock: { now: Date.now, elapsed: () => performance.now() + ahead },
  })
  const send = () =>
    askWhole(house.chatUrl, {
      body: {
        model: 'trivium/pin:gpt-4o-mini',
        stream: true,
        messages: [{ role: 'user', content: 'Hello.' }],
      },
    })
  house.simulator.follow(() => ({ fault: { kind: 'status', code: 500 } }))
  while (house.simulator.calls.length < 5) await send()
  ahead += 2_000
  house.simulator.follow(() => ({ fault: { kind: 'pause', when: 'every_frame' } }))
  let answered = 0
  const clients = Array.from({ length: CLIENTS }, async () => {
    await send()
    answered += 1
  })
  await eventually(() => (answered >= CLIENTS - 1 ? true : undefined))
  house.simulator.release(1_000)
  await Promise.all(clients)
  assert.ok(house.simulator.calls.length <= 6)
})
