import assert from 'node:assert/strict'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { type TestContext, test } from 'node:test'
import { Audit } from '../../src/admin/api/answers/audit.ts'
import { MadeKey, RotatedKey, TeamPage, Teams } from '../../src/admin/api/answers/teams.ts'
import { systemClock } from '../../src/base/clock.ts'
import { ADMIN_TOKEN, person } from '../support/admin-api.ts'
import { askingAs, refusalIn } from '../support/api-client.ts'
import { askWhole } from '../support/client.ts'
import { type HouseOptions, KEY, openHouse } from '../support/house.ts'

const server = {
  listen: '127.0.0.1:0',
  admin: '127.0.0.1:0',
  drain: '200ms',
  admin_token: ADMIN_TOKEN,
  people: [person('vera', 'viewer'), person('ada', 'admin')],
}
const BODY = { model: 'auto', messages: [{ role: 'user', content: 'Who wrote Middlemarch?' }] }
const KEYS = '/api/teams/research/keys'

async function openRooms(t: TestContext, options: HouseOptions = {}) {
  const house = await openHouse(t, { ...options, settings: { server } })
  const ada = askingAs(house.adminUrl, 'ada-token')
  const statusOf = async (key: string) => (await askWhole(house.chatUrl, { key, body: BODY })).status
  const readTeam = async () => TeamPage.parse((await ada('GET', '/api/teams/research')).json)
  return { house, ada, statusOf, readTeam }
}

test('a new key is shown once, works at once, and is refused once revoked', async (t) => {
  const { house, ada, statusOf, readTeam } = await openRooms(t)
  const made = await ada('POST', KEYS, { id: 'ci', expires: '2999-01-01' })
  assert.equal(made.status, 201, JSON.stringify(made.json))
  const { key, expires } = MadeKey.parse(made.json)
  assert.equal(expires, '2999-01-01T00:00:00.000Z')
  assert.equal(await statusOf(key), 200)
  assert.ok(!readFileSync(house.config, 'utf8').includes(key))
  const page = await readTeam()
  assert.ok(!JSON.stringify(page).includes(key))
  assert.ok(Date.parse(page.keys.find(({ id }) => id === 'ci')?.last_used ?? '') <= Date.now())
  const again = await ada('POST', KEYS, { id: 'ci' })
  assert.deepEqual([again.status, refusalIn(again).code], [409, 'key_exists'])
  assert.equal((await ada('DELETE', `${KEYS}/ci`)).status, 200)
  assert.equal(await statusOf(key), 401)
  assert.equal((await ada('DELETE', `${KEYS}/ci`)).status, 404)
  assert.equal((await ada('POST', '/api/teams/nobody/keys', {})).status, 404)
  assert.equal((await ada('POST', KEYS, { id: 'a/b' })).status, 400)
})

test('a key rotated with a grace period accepts both secrets, as one key, until the old one ends', async (t) => {
  let ahead = 0
  const clock = { ...systemClock, now: () => Date.now() + ahead }
  const { ada, statusOf, readTeam, house } = await openRooms(t, { clock })
  const made = MadeKey.parse((await ada('POST', KEYS, { id: 'ci' })).json)
  const rotated = await ada('POST', `${KEYS}/ci/rotate`, { grace_seconds: 3_600 })
  assert.equal(rotated.status, 201, JSON.stringify(rotated.json))
  const { key, old_serves_until } = RotatedKey.parse(rotated.json)
  assert.notEqual(key, made.key)
  assert.deepEqual([await statusOf(made.key), await statusOf(key)], [200, 200])
  assert.deepEqual(new Set(house.rows().map((row) => row.key)), new Set(['ci']))
  const shown = (await readTeam()).keys.find(({ id }) => id === 'ci')
  assert.equal(shown?.old_serves_until, old_serves_until)
  ahead = 3_600_001
  assert.deepEqual([await statusOf(made.key), await statusOf(key)], [401, 200])
  const ended = RotatedKey.parse((await ada('POST', `${KEYS}/ci/rotate`, { grace_seconds: 0 })).json)
  assert.deepEqual([await statusOf(key), await statusOf(ended.key)], [401, 200])
})

test('with a read-only configuration no key is made, and the error says why', async (t) => {
  const { house, ada } = await openRooms(t)
  const before = readFileSync(house.config, 'utf8')
  chmodSync(house.config, 0o444)
  const refused = await ada('POST', KEYS, { id: 'ci' })
  assert.deepEqual([refused.status, refusalIn(refused).code], [409, 'configuration_read_only'])
  assert.equal(readFileSync(house.config, 'utf8'), before)
})

// A server does not load a configuration with a fault, wherever that is: the key was said to be revoked, and went on
// serving.
test('with a fault anywhere in the configuration no key is changed, and the error says where', async (t) => {
  const { house, ada, statusOf } = await openRooms(t)
  const { key } = MadeKey.parse((await ada('POST', KEYS, { id: 'ci' })).json)
  const whole = readFileSync(house.config, 'utf8')
  const faults = [
    [whole.replace('- gpt-4o-mini', '- no-such-model'), /unknown model "no-such-model"/],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what people write in the file.
    [whole.replace('sk-simulated', '${NOWHERE_TOLD}'), /NOWHERE_TOLD is not set/],
  ] as const
  for (const [text, why] of faults) {
    writeFileSync(house.config, text)
    const refused = await ada('DELETE', `${KEYS}/ci`)
    const { code, message } = refusalIn(refused)
    assert.deepEqual([refused.status, code], [409, 'configuration_refused'])
    assert.match(message, why)
    assert.equal(readFileSync(house.config, 'utf8'), text)
  }
  writeFileSync(house.config, whole)
  assert.equal((await ada('DELETE', `${KEYS}/ci`)).status, 200)
  assert.equal(await statusOf(key), 401)
})

test('team pages show raises apart from limits, and the audit says who did what', async (t) => {
  const { ada, readTeam, house } = await openRooms(t, { team: { budgets: [{ usd: 2, per: 'day' }] } })
  const budget = 'team:research/day'
  const until = new Date(Date.now() + 3_600_000).toISOString()
  const granted = await ada('POST', '/api/budgets/raises', { budget, usd: 3, until, reason: 'the demo' })
  assert.equal(granted.status, 201)
  const [shown] = (await readTeam()).budgets
  assert.deepEqual([shown?.limit_usd, shown?.raised_usd], [5, 3])
  const { teams } = Teams.parse((await ada('GET', '/api/teams')).json)
  assert.deepEqual(
    teams.map(({ team, keys }) => [team, keys]),
    [['research', 1]],
  )
  await ada('POST', KEYS, { id: 'ci' })
  const vera = askingAs(house.adminUrl, 'vera-token')
  await vera('POST', '/api/session', { token: 'vera-token' })
  assert.equal((await vera('GET', '/api/audit')).status, 403)
  const first = Audit.parse((await ada('GET', '/api/audit?limit=2')).json)
  const second = Audit.parse((await ada('GET', `/api/audit?limit=2&cursor=${first.next_cursor}`)).json)
  assert.deepEqual(
    [...first.data, ...second.data].map(({ who, action, subject }) => [who, action, subject]),
    [
      ['vera', 'login', 'viewer'],
      ['ada', 'key_created', 'research/ci'],
      ['ada', 'raise_granted', budget],
    ],
  )
  assert.equal(second.next_cursor, null)
  assert.equal((await ada('GET', '/api/audit?cursor=nonsense')).status, 400)
})

test('a key holder sees only their own data and changes nothing', async (t) => {
  const { house } = await openRooms(t)
  const holder = askingAs(house.adminUrl, KEY)
  assert.equal((await holder('GET', '/api/me')).status, 200)
  const closed = [
    ['GET', '/api/teams'],
    ['GET', '/api/teams/research'],
    ['GET', '/api/budgets'],
    ['GET', '/api/requests'],
    ['GET', '/api/audit'],
    ['GET', '/api/tuning'],
    ['POST', `${KEYS}`],
    ['POST', '/api/tuning/promote'],
  ] as const
  for (const [method, path] of closed) {
    const refused = await holder(method, path, method === 'POST' ? {} : undefined)
    assert.deepEqual([refused.status, refusalIn(refused).code], [403, 'forbidden'], path)
  }
})
