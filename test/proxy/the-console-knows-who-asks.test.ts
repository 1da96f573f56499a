import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { z } from 'zod'
import { KEY, openHouse } from '../support/house.ts'

const sha256 = (token: string) => createHash('sha256').update(token).digest('hex')
const SignedIn = z.looseObject({ name: z.string(), role: z.string(), csrf: z.string() })
const server = {
  listen: '127.0.0.1:0',
  admin: '127.0.0.1:0',
  drain: '200ms',
  admin_token: 'an-admin-token',
  people: [{ name: 'vera', role: 'viewer', sha256: sha256('vera-token') }],
}

test('a browser signs in, is identified by its cookie, and signs out with its CSRF token', async (t) => {
  const house = await openHouse(t, { settings: { server } })
  const url = `${house.adminUrl}/api/session`
  const signIn = (token: string) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token }),
    })
  const entered = await signIn('vera-token')
  assert.equal(entered.status, 200)
  const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? ''
  const known = SignedIn.parse(await (await fetch(url, { headers: { cookie } })).json())
  assert.equal(known.name, 'vera')
  assert.equal(known.role, 'viewer')
  assert.equal((await fetch(`${house.adminUrl}/api/budgets`, { headers: { cookie } })).status, 200)
  const leave = (headers: Record<string, string>) => fetch(url, { method: 'DELETE', headers })
  assert.equal((await leave({ cookie })).status, 403)
  const left = await leave({ cookie, 'x-csrf-token': known.csrf })
  assert.match(left.headers.get('set-cookie') ?? '', /^trivium_session=; .*Max-Age=0/)
  const holder = SignedIn.parse(await (await signIn(KEY)).json())
  assert.deepEqual([holder.role, holder.name], ['holder', `research/${KEY}`])
})
