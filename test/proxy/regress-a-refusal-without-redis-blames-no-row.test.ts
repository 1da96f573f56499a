import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askWhole } from '../support/client.ts'
import { eventually } from '../support/eventually.ts'
import { prepareHouse } from '../support/house.ts'
import { listening, startServe } from '../support/served-process.ts'
import { startSharedStores, withoutShared } from '../support/shared-stores.ts'
import { chatBody } from '../support/written-upstream.ts'

// While Redis was away, every refusal used to log an error about a row that "stands at its bound". There was
// no such row, and whoever was on call looked for lost money. Later its row was given up at once: the ledger
// did not show the outage.
test('a request refused because Redis is away has its row once Redis is back, and blames no other', {
  skip: withoutShared,
}, async (t) => {
  const stores = await startSharedStores()
  t.after(() => stores.dispose())
  const house = await prepareHouse({
    settings: { store: { redis: stores.redis.url, postgres: stores.postgres.url }, log: { level: 'warn' } },
  })
  t.after(() => house.close())
  const served = startServe(t, ['--config', house.config])
  const url = `${await listening(served)}/chat/completions`
  await stores.redis.kill()
  const ids = await Array.fromAsync({ length: 3 }, async () => {
    const answer = await askWhole(url, { body: chatBody() })
    assert.match(answer.text(), /"code": "store_unavailable"/)
    return answer.headers['x-request-id']
  })
  await stores.redis.start()
  const found = await eventually(async () => {
    const rows = await stores.query('SELECT outcome, cost_nusd FROM ledger WHERE id = ANY($1)', [ids])
    return rows.length === 3 ? rows : undefined
  })
  for (const row of found) assert.deepEqual([row.outcome, Number(row.cost_nusd)], ['refused', 0])
  assert.doesNotMatch(served.printed.stdout, /could not be closed|has no row/)
})

test('a replica that ends while Redis is away says how many refusals have no row', {
  skip: withoutShared,
}, async (t) => {
  const stores = await startSharedStores()
  t.after(() => stores.dispose())
  const house = await prepareHouse({
    settings: { store: { redis: stores.redis.url, postgres: stores.postgres.url }, log: { level: 'warn' } },
  })
  t.after(() => house.close())
  const served = startServe(t, ['--config', house.config])
  const url = `${await listening(served)}/chat/completions`
  await stores.redis.kill()
  assert.match((await askWhole(url, { body: chatBody() })).text(), /"code": "store_unavailable"/)
  served.child.kill('SIGTERM')
  const said = await eventually(() => linesOf(served.printed.stdout).find(({ rows }) => rows === 1))
  assert.match(String(said.msg), /have no row/)
})

function linesOf(text: string): readonly Record<string, unknown>[] {
  const whole = text.split('\n').filter((line) => line.startsWith('{') && line.endsWith('}'))
  return whole.map((line) => JSON.parse(line))
}
