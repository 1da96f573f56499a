import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askWhole } from '../support/client.ts'
import { eventually } from '../support/eventually.ts'
import { prepareHouse } from '../support/house.ts'
import { listening, startServe } from '../support/served-process.ts'
import { startSharedStores, withoutShared } from '../support/shared-stores.ts'
import { chatBody } from '../support/written-upstream.ts'

// While Redis was away, every refusal used to log an error about a row that "stands at its bound". There was no such row,
// and whoever was on call looked for lost money.
test('a request refused because Redis is away has no row, which is logged as a warning', {
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
  const answer = await askWhole(url, { body: chatBody() })
  assert.match(answer.text(), /"code": "store_unavailable"/)
  const id = answer.headers['x-request-id']
  const said = await eventually(() =>
    linesOf(served.printed.stdout).find(({ request, msg }) => request === id && msg !== 'request'),
  )
  assert.match(String(said.msg), /has no row/)
  assert.equal(said.level, 40)
  assert.doesNotMatch(served.printed.stdout, /could not be closed/)
})

function linesOf(text: string): readonly Record<string, unknown>[] {
  const whole = text.split('\n').filter((line) => line.startsWith('{') && line.endsWith('}'))
  return whole.map((line) => JSON.parse(line))
}
