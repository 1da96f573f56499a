import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { eventually } from '../support/eventually.ts'
import { prepareHouse } from '../support/house.ts'
import { listening, startServe } from '../support/served-process.ts'
import { startSharedStores, withoutShared } from '../support/shared-stores.ts'

const TOKEN = 'an-admin-token'
const SERVER = { listen: '127.0.0.1:0', admin: '127.0.0.1:0', drain: '200ms', admin_token: TOKEN }

test('a copied cookie is refused on every replica after its owner has signed out', {
  skip: withoutShared,
}, async (t) => {
  const stores = await startSharedStores()
  t.after(() => stores.dispose())
  const store = { redis: stores.redis.url, postgres: stores.postgres.url }
  const { config, close } = await prepareHouse({ settings: { server: SERVER, store } })
  t.after(close)
  const [one, other] = await Promise.all([start(t, config), start(t, config)])
  const mine = await signIn(one.adminUrl)
  const another = await signIn(one.adminUrl)
  assert.deepEqual(await statuses(mine.cookie, one, other), [200, 200])

  const out = await fetch(`${one.adminUrl}/api/session`, {
    method: 'DELETE',
    headers: { cookie: mine.cookie, 'x-csrf-token': mine.csrf },
  })
  assert.equal(out.status, 200)
  assert.deepEqual(await statuses(mine.cookie, one), [401], 'at once where it was')
  await eventually(async () => (await statuses(mine.cookie, other))[0] === 401)
  assert.deepEqual(await statuses(another.cookie, one, other), [200, 200], 'other sessions go on')
})

async function start(t: TestContext, config: string) {
  const served = startServe(t, ['--config', config])
  await listening(served)
  const adminUrl =
    /admin on (http:\S+)/.exec(served.printed.stdout)?.[1] ?? assert.fail(served.printed.stdout)
  return { adminUrl }
}

async function signIn(adminUrl: string): Promise<{ readonly cookie: string; readonly csrf: string }> {
  const answer = await fetch(`${adminUrl}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: TOKEN }),
  })
  const { csrf } = (await answer.json()) as { csrf: string }
  return { cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '', csrf }
}

function statuses(cookie: string, ...servers: readonly { readonly adminUrl: string }[]) {
  return Promise.all(
    servers.map(async ({ adminUrl }) => {
      const answer = await fetch(`${adminUrl}/api/teams`, { headers: { cookie } })
      await answer.text()
      return answer.status
    }),
  )
}
