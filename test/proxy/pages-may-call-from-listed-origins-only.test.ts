import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { askWhole } from '../support/client.ts'
import { openHouse } from '../support/house.ts'

const PAGE = 'https://app.example'
const server = { listen: '127.0.0.1:0', admin: '127.0.0.1:0', drain: '200ms' }
const closed = await openHouse({ after }, {})
const open = await openHouse({ after }, { settings: { server: { ...server, cors: [PAGE] } } })

const PREFLIGHT = {
  'access-control-request-method': 'POST',
  'access-control-request-headers': 'authorization,content-type,x-stainless-lang',
}
const BODY = { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello' }] }

test('a preflight needs no key and tells a listed origin what it may send', async () => {
  const { status, headers } = await askWhole(open.chatUrl, {
    method: 'OPTIONS',
    key: '',
    headers: { origin: PAGE, ...PREFLIGHT },
  })
  assert.equal(status, 204)
  assert.equal(headers['access-control-allow-origin'], PAGE)
  assert.match(headers['access-control-allow-methods'] ?? '', /\bPOST\b/)
  assert.equal(headers['access-control-allow-headers'], PREFLIGHT['access-control-request-headers'])
})

test('a listed origin may read answers, streams and refusals', async () => {
  for (const [ask, status] of [
    [{ body: BODY }, 200],
    [{ body: { ...BODY, stream: true } }, 200],
    [{ body: BODY, key: 'sk-nobody' }, 401],
    [{ body: { ...BODY, user: 'x'.repeat(100_000) }, key: 'sk-nobody' }, 401],
    [{ body: 'x'.repeat(30_000_000) }, 413],
  ] as const) {
    const answer = await askWhole(open.chatUrl, { ...ask, headers: { origin: PAGE } })
    assert.deepEqual(
      [answer.status, answer.headers['access-control-allow-origin'], answer.headers.vary],
      [status, PAGE, 'origin'],
    )
  }
})

test('an unlisted origin gets no CORS headers, and by default no origin is listed', async () => {
  for (const [house, origin] of [
    [open, 'https://evil.example'],
    [closed, PAGE],
  ] as const) {
    const preflight = await askWhole(house.chatUrl, { method: 'OPTIONS', headers: { origin, ...PREFLIGHT } })
    assert.equal(preflight.status, 204)
    assert.equal(preflight.headers.allow, 'GET, HEAD, POST, DELETE, OPTIONS')
    const answer = await askWhole(house.chatUrl, { body: BODY, headers: { origin } })
    for (const { headers } of [preflight, answer]) {
      assert.deepEqual(
        Object.keys(headers).filter((name) => name.startsWith('access-control-')),
        [],
      )
    }
  }
})
