import assert from 'node:assert/strict'
import { test } from 'node:test'
import { complaintsOf, storm } from '../bench/budget/storm.ts'
import { startSharedStores, withoutShared } from '../support/shared-stores.ts'

// Peers multiply a budget by the number of replicas, or read a counter and write it later. The full proof is
// `test/bench/budget/run.ts --replicas 3`.
test('three replicas never overspend a shared dollar, use nearly all of it and refuse nothing falsely', {
  skip: withoutShared,
}, async (t) => {
  const stores = await startSharedStores()
  t.after(() => stores.dispose())
  const shared = { redis: stores.redis.url, postgres: stores.postgres.url, replicas: 3 }
  const [result] = await storm({ seeds: [1], requests: 300, limitUsd: 1, shared })
  assert.ok(result)
  assert.deepEqual(complaintsOf(result), [])
  assert.ok(result.tally.exhausted > 0)
})
