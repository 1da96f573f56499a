import assert from 'node:assert/strict'
import { test } from 'node:test'
import { storm } from '../bench/budget/storm.ts'
import { startSharedStores, withoutShared } from '../support/shared-stores.ts'

// Peers multiply a budget by their replicas, or read a counter and write it later. The whole proof is
// `test/bench/budget/run.ts --replicas 3`.
test('three replicas share a dollar: never overspent, nearly all used, nobody refused falsely', {
  skip: withoutShared,
}, async (t) => {
  const stores = await startSharedStores()
  t.after(() => stores.dispose())
  const shared = { redis: stores.redis.url, postgres: stores.postgres.url, replicas: 3 }
  const [result] = await storm({ seeds: [1], requests: 300, limitUsd: 1, shared })
  assert.ok(result)
  assert.ok(result.billed <= 1e9, `billed ${result.billed}`)
  assert.ok(result.billed >= 0.95e9, `billed only ${result.billed}`)
  assert.equal(result.booked, result.billed)
  assert.equal(result.falselyRefused, 0)
  assert.deepEqual(result.unexpected, [])
  assert.ok(result.exhausted > 0)
})
