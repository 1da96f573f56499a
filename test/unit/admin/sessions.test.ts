import assert from 'node:assert/strict'
import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { type TestContext, test } from 'node:test'
import { z } from 'zod'
import { WRONG_TRIES } from '../../../src/admin/api/attempts.ts'
import { endpoint, Streamed } from '../../../src/admin/api/endpoint.ts'
import { SESSION_MS } from '../../../src/admin/api/session.ts'
import { sessionEndpoints } from '../../../src/admin/api/session-endpoints.ts'
import { SIGNED_OUT_WITHIN_MS, SignedOut } from '../../../src/admin/api/signed-out.ts'
import { ADMIN_TOKEN, asAdmin, endedInMemory, gateOf, person, serverOf } from '../../support/admin-api.ts'

const SignedIn = z.looseObject({ csrf: z.string(), name: z.string() })

/** A server where reviewers may change something. Tests may change `clock` and `people`. */
function open(t: TestContext, token = ADMIN_TOKEN) {
  const clock = { now: Date.UTC(2026, 10, 22), elapsed: 0 }
  const people = [person('vera', 'viewer'), person('rita', 'reviewer')]
  const notes: string[] = []
  const gate = gateOf({ people, now: () => clock.now, elapsed: () => clock.elapsed, token })
  const audit = {
    note: async ({ who, action }: { who: string; action: string }) => void notes.push(`${who} ${action}`),
    linesBefore: async () => [],
  }
  const change = endpoint({
    method: 'POST',
    path: '/api/change',
    role: 'reviewer',
    summary: 'Changes something.',
    body: z.strictObject({ to: z.string() }),
    answer: z.strictObject({ to: z.string() }),
    run: ({ body }) => body,
  })
  const report = (error: unknown) => assert.fail(String(error))
  const parts = { gate, version: '1', audit, report, now: () => clock.now }
  const app = serverOf([...sessionEndpoints(parts), change], gate)
  t.after(() => app.close())
  const signIn = (
    credential: string,
    more: { remoteAddress?: string; headers?: Record<string, string> } = {},
  ) => app.inject({ method: 'POST', url: '/api/session', payload: { token: credential }, ...more })
  const enter = async (credential: string) => {
    const answer = await signIn(credential)
    assert.equal(answer.statusCode, 200)
    const field = String(answer.headers['set-cookie'])
    return { field, cookie: field.split(';')[0] ?? '', ...SignedIn.parse(answer.json()) }
  }
  const changeWith = (headers: Record<string, string>, payload: object = { to: 'x' }) =>
    app.inject({ method: 'POST', url: '/api/change', payload, headers })
  return { app, clock, people, notes, signIn, enter, changeWith }
}

test('a session can change something only with its own CSRF token', async (t) => {
  const { enter, changeWith, notes } = open(t)
  const rita = await enter('rita-token')
  const other = await enter('rita-token')
  assert.match(rita.field, /; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/)
  const { cookie } = rita
  const outcomes = [
    await changeWith({ cookie, 'x-csrf-token': rita.csrf }),
    await changeWith({ cookie }),
    await changeWith({ cookie, 'x-csrf-token': other.csrf }),
    await changeWith({ cookie, 'x-csrf-token': '' }),
    await changeWith({ cookie, 'x-csrf-token': rita.csrf, 'sec-fetch-site': 'cross-site' }),
    await changeWith({ cookie, 'x-csrf-token': rita.csrf, 'sec-fetch-site': 'same-origin' }),
  ].map((answer) => [answer.statusCode, answer.json().error?.code])
  assert.deepEqual(outcomes, [
    [200, undefined],
    [403, 'csrf_token_invalid'],
    [403, 'csrf_token_invalid'],
    [403, 'csrf_token_invalid'],
    [403, 'foreign_origin'],
    [200, undefined],
  ])
  assert.deepEqual(notes, ['rita login', 'rita login'])
})

test('cookies that are forged, expired or from an installation with another token are ignored', async (t) => {
  const { app, clock, enter } = open(t)
  const { cookie } = await enter('rita-token')
  const foreign = (await open(t, 'another-admin-token').enter('rita-token')).cookie
  const nameWith = async (given: string) =>
    (await app.inject({ url: '/api/session', headers: { cookie: given } })).json().name
  const [text = '', signature = ''] = cookie.slice('trivium_session='.length).split('.')
  const sealed: unknown = JSON.parse(Buffer.from(text, 'base64url').toString())
  assert.ok(typeof sealed === 'object')
  const later = { ...sealed, expiresAt: clock.now + 10 * SESSION_MS }
  const forged = Buffer.from(JSON.stringify(later)).toString('base64url')
  assert.equal(await nameWith(`theme=dark; ${cookie}`), 'rita')
  for (const bad of [
    `trivium_session=${forged}.${signature}`,
    `trivium_session=${text}.${signature.slice(1)}`,
    `trivium_session=${text}`,
    `trivium_session=${text}.${signature}.`,
    'trivium_session=',
    'trivium_session=%00.%00',
    foreign,
  ]) {
    assert.equal(await nameWith(bad), null, bad)
  }
  clock.now += SESSION_MS - 1
  assert.equal(await nameWith(cookie), 'rita')
  clock.now += 1
  assert.equal(await nameWith(cookie), null)
})

test('a cookie reveals nothing that would help to guess its token', async (t) => {
  const { cookie } = await open(t).enter('rita-token')
  const [text = ''] = cookie.slice('trivium_session='.length).split('.')
  const sealed = Buffer.from(text, 'base64url')
  const { sha256 } = person('rita', 'reviewer')
  for (const encoding of ['hex', 'base64', 'base64url'] as const)
    assert.ok(!sealed.includes(Buffer.from(sha256, 'hex').toString(encoding)), encoding)
  assert.notEqual((await open(t).enter('rita-token')).cookie, cookie)
})

test('a page of another host can neither change anything nor sign in, even if only Origin is sent', async (t) => {
  const { signIn, changeWith } = open(t)
  const outcomes = async (headers: Record<string, string>) => [
    (await changeWith({ ...asAdmin, ...headers })).statusCode,
    (await signIn(ADMIN_TOKEN, { headers })).statusCode,
  ]
  const host = 'trivium.example:9090'
  for (const origin of ['http://trivium.example:9090', 'https://TRIVIUM.example:9090'])
    assert.deepEqual(await outcomes({ host, origin }), [200, 200], origin)
  assert.deepEqual(
    await outcomes({ host: 'trivium.example', origin: 'https://trivium.example:443' }),
    [200, 200],
  )
  for (const origin of ['http://evil.example', 'http://trivium.example', 'null', 'file://', '']) {
    assert.deepEqual(await outcomes({ host, origin }), [403, 403], origin)
    assert.deepEqual(await outcomes({ host, origin, 'x-forwarded-host': 'evil.example' }), [403, 403], origin)
  }
  const behindProxy = {
    host: '10.0.0.7:9090',
    origin: 'https://trivium.example',
    'sec-fetch-site': 'same-origin',
  }
  assert.deepEqual(await outcomes(behindProxy), [200, 200])
})

test('another replica with the same admin token accepts the session and its CSRF token', async (t) => {
  const { cookie, csrf } = await open(t).enter('rita-token')
  const changed = await open(t).changeWith({ cookie, 'x-csrf-token': csrf })
  assert.equal(changed.statusCode, 200)
})

test('removing a person from the configuration or changing their role takes effect at once', async (t) => {
  const { people, enter, changeWith } = open(t)
  const { cookie, csrf } = await enter('rita-token')
  const headers = { cookie, 'x-csrf-token': csrf }
  assert.equal((await changeWith(headers)).statusCode, 200)
  people.splice(1, 1, person('rita', 'viewer'))
  assert.equal((await changeWith(headers)).statusCode, 403)
  people.splice(1, 1)
  assert.equal((await changeWith(headers)).statusCode, 401)
})

test('after too many wrong tokens, at sign-in or as bearer, an address waits even with the right one', async (t) => {
  const { clock, signIn, changeWith } = open(t)
  for (let turn = 1; turn < WRONG_TRIES; turn += 1)
    assert.equal((await signIn(`guess ${turn}`)).statusCode, 401)
  assert.equal((await changeWith({ authorization: 'Bearer guess' })).statusCode, 401)
  const refused = await signIn(ADMIN_TOKEN)
  assert.deepEqual([refused.statusCode, refused.json().error.code], [429, 'too_many_attempts'])
  const asBearer = await changeWith(asAdmin)
  assert.equal(asBearer.statusCode, 429)
  for (const answer of [refused, asBearer])
    assert.equal(answer.headers['retry-after'], String(answer.json().error.metadata.retry_after_seconds))
  assert.equal((await signIn(ADMIN_TOKEN, { remoteAddress: '192.0.2.7' })).statusCode, 200)
  clock.elapsed += refused.json().error.metadata.retry_after_seconds * 1000
  clock.now -= 3_600_000 // The clock was set back, which must not add an hour to the wait.
  assert.equal((await signIn(ADMIN_TOKEN)).statusCode, 200)
})

test('wrong tokens from one IPv6 network are counted together', async (t) => {
  const { signIn } = open(t)
  const from = async (remoteAddress: string, credential: string) =>
    (await signIn(credential, { remoteAddress })).statusCode
  for (let turn = 1; turn <= WRONG_TRIES; turn += 1)
    assert.equal(await from(`2001:db8:0:7::${turn}`, 'guess'), 401)
  assert.equal(await from('2001:db8:0:7:ffff::1', ADMIN_TOKEN), 429)
  assert.equal(await from('2001:db8::7:0:0:0:1', ADMIN_TOKEN), 429, 'the same, written otherwise')
  assert.equal(await from('2001:db8::1', ADMIN_TOKEN), 200)
  for (let turn = 1; turn <= WRONG_TRIES; turn += 1) await from('::ffff:192.0.2.7', 'guess')
  assert.equal(await from('::ffff:192.0.2.7', ADMIN_TOKEN), 429)
  assert.equal(await from('::ffff:192.0.2.8', ADMIN_TOKEN), 200)
})

test('behind TLS the cookie is marked Secure', async (t) => {
  const { signIn } = open(t)
  const isForTls = async (headers: Record<string, string>) =>
    /; Secure$/.test(String((await signIn(ADMIN_TOKEN, { headers })).headers['set-cookie']))
  for (const proto of ['https', 'HTTPS', 'https, http', 'https,https'])
    assert.ok(await isForTls({ 'x-forwarded-proto': proto }), proto)
  assert.ok(
    await isForTls({ forwarded: 'for=192.0.2.7;proto=https;by=203.0.113.43, for=10.0.0.1;proto=http' }),
  )
  assert.ok(!(await isForTls({})))
  for (const proto of ['http', 'http, https'])
    assert.ok(!(await isForTls({ 'x-forwarded-proto': proto })), proto)
  assert.ok(!(await isForTls({ forwarded: 'for=192.0.2.7;proto=http, for=10.0.0.1;proto=https' })))
})

test('unknown fields in body and query are refused by name', async (t) => {
  const { app, changeWith } = open(t)
  const body = await changeWith(asAdmin, { to: 'x', form: 'y' })
  assert.deepEqual([body.statusCode, body.json().error.code], [400, 'invalid_request'])
  assert.match(body.json().error.message, /form/)
  const query = await app.inject({ url: '/api/session?who=me' })
  assert.equal(query.statusCode, 400)
  assert.match(query.json().error.message, /who/)
})

test('signing out invalidates every copy of the cookie, and no other session', async (t) => {
  const { app, clock, enter, changeWith } = open(t)
  const [rita, again] = [await enter('rita-token'), await enter('rita-token')]
  const headers = { cookie: rita.cookie, 'x-csrf-token': rita.csrf }
  assert.equal((await changeWith(headers)).statusCode, 200)
  const out = await app.inject({ method: 'DELETE', url: '/api/session', headers })
  assert.match(String(out.headers['set-cookie']), /^trivium_session=; .*Max-Age=0/)
  assert.equal((await changeWith(headers)).statusCode, 401)
  clock.now += SESSION_MS - 1
  assert.equal((await changeWith(headers)).statusCode, 401)
  assert.equal((await changeWith({ cookie: again.cookie, 'x-csrf-token': again.csrf })).statusCode, 200)
})

test('sign-outs elsewhere are polled once a second, and known ones stand while the store is away', async () => {
  const clock = { now: 1_000, elapsed: 0 }
  const store = endedInMemory()
  let [asked, isAway] = [0, true]
  const signedOut = new SignedOut(
    {
      end: async (session, now) => (isAway ? assert.fail('away') : store.end(session, now)),
      endedAt: async (now) => {
        asked += 1
        return isAway ? assert.fail('away') : store.endedAt(now)
      },
    },
    { now: () => clock.now, elapsed: () => clock.elapsed },
  )
  const [mine, theirs, late] = ['mine', 'theirs', 'late'].map((id) => ({ id, expiresAt: 90_000 }))
  assert.ok(mine && theirs && late)
  await assert.rejects(signedOut.has(theirs), { status: 503 }, 'nobody knows yet')
  isAway = false
  await store.end(theirs, 0)
  assert.equal(await signedOut.has(theirs), true)
  await store.end(late, 0)
  clock.elapsed += SIGNED_OUT_WITHIN_MS - 1
  clock.now -= 500 // The clock was set back.
  assert.deepEqual([await signedOut.has(late), asked], [false, 2])
  clock.elapsed += 1
  assert.deepEqual([await signedOut.has(late), asked], [true, 3])
  isAway = true
  clock.elapsed += 60_000
  await assert.rejects(signedOut.end(mine), { status: 503 })
  assert.deepEqual(
    await Promise.all([mine, theirs, { id: 'other', expiresAt: 90_000 }].map((each) => signedOut.has(each))),
    [true, true, false],
  )
})

test('a session’s streams end at once when it signs out here, and soon after its person is removed', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const people = [person('vera', 'viewer')]
  const gate = gateOf({ people })
  const bodies: PassThrough[] = []
  const stream = endpoint({
    method: 'GET',
    path: '/api/stream',
    role: 'viewer',
    summary: 'Goes on.',
    answer: { types: ['text/plain'] },
    run() {
      const body = new PassThrough()
      bodies.push(body)
      body.write('first')
      return new Streamed('text/plain', body)
    },
  })
  const app = serverOf([stream], gate)
  t.after(() => app.close())
  const read = async () => {
    const { session, cookie } = gate.sessions.begin(person('vera', 'viewer').sha256)
    const headers = { cookie: `trivium_session=${cookie}` }
    const opened = await app.inject({ url: '/api/stream', headers, payloadAsStream: true })
    opened
      .stream()
      .on('error', () => undefined)
      .resume()
    return session
  }
  const session = await read()
  await read()
  t.mock.timers.tick(2_000)
  await new Promise(setImmediate)
  const ended = () => bodies.map(({ destroyed }) => destroyed)
  assert.deepEqual(ended(), [false, false])
  const signingOut = gate.signedOut.end(session)
  assert.deepEqual(ended(), [true, false], 'before anything else can be written to it')
  await signingOut
  people.length = 0
  const [, other = assert.fail()] = bodies
  const closed = once(other, 'close')
  t.mock.timers.tick(2_000)
  await closed
})
