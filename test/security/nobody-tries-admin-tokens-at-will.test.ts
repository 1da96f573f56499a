import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openHouse } from '../support/house.ts'

const TOKEN = 'an-admin-token-for-tests'
const settings = { server: { listen: '127.0.0.1:0', admin: '127.0.0.1:0', admin_token: TOKEN } }

test('after ten wrong tokens an address has to wait, whichever token it sends, by header or sign-in', async (t) => {
  const house = await openHouse(t, { settings })
  const bearer = (token: string) =>
    fetch(`${house.adminUrl}/api/budgets`, { headers: { authorization: `Bearer ${token}` } })
  const signIn = (token: string) =>
    fetch(`${house.adminUrl}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token }),
    })
  assert.equal((await bearer(TOKEN)).status, 200)
  const wrong: number[] = []
  for (let count = 0; count < 10; count += 1) {
    wrong.push((await (count % 2 === 0 ? bearer : signIn)(`guess-${count}`)).status)
  }
  assert.deepEqual(
    wrong,
    Array.from({ length: 10 }, () => 401),
  )
  for (const ask of [bearer, signIn]) {
    for (const token of ['guess-10', TOKEN]) {
      const answer = await ask(token)
      assert.equal(answer.status, 429)
      assert.doesNotMatch(await answer.text(), new RegExp(TOKEN))
    }
  }
  assert.equal((await fetch(`${house.adminUrl}/healthz`)).status, 200, 'probes need no token')
})
