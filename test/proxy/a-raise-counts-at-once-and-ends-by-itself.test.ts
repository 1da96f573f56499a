import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { raise } from '../../src/cli/raise.ts'
import { compose } from '../../src/compose.ts'
import { askWhole } from '../support/client.ts'
import { openHouse, prepareHouse } from '../support/house.ts'
import { freePort } from '../support/store-process.ts'
import { chatBody } from '../support/written-upstream.ts'

const TOKEN = 'an-admin-token'
const HOUR = 3_600_000
const server = { listen: '127.0.0.1:0', admin: '127.0.0.1:0', drain: '200ms', admin_token: TOKEN }
/** Too small for any request. */
const budgets = [{ usd: 1e-9, per: 'month' }]
const BUDGET = 'team:research/month'

async function api(url: string, method = 'GET', body?: object) {
  const answer = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${TOKEN}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const json = (await answer.json()) as {
    id: string
    raises: object[]
    entries: Record<string, unknown>[]
    budgets: { limit_usd: number }[]
    error: { code: string; message: string }
  }
  return { status: answer.status, json }
}

/** Runs `trivium raise` with this configuration file, as a shell would. */
async function run(config: string, ...args: string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const code = await raise.run([...args, '--config', config], {
    stdin: new PassThrough(),
    stdout,
    stderr,
    env: {},
  })
  stdout.end()
  stderr.end()
  return { code, out: await text(stdout), err: await text(stderr) }
}

test('a raise by the admin API counts for the next request and ends when it expires', async (t) => {
  let offset = 0
  const clock = { now: () => Date.now() + offset, elapsed: () => performance.now() }
  const house = await openHouse(t, { settings: { server }, team: { budgets }, clock })
  const raises = `${house.adminUrl}/api/budgets/raises`
  const status = async () => (await askWhole(house.chatUrl, { body: chatBody() })).status
  assert.equal(await status(), 429)
  const until = new Date(Date.now() + HOUR).toISOString()
  const granted = await api(raises, 'POST', { budget: BUDGET, usd: 2, until, reason: 'demo', who: 'Zoë' })
  assert.equal(granted.status, 201)
  assert.equal(await status(), 200)
  const { json } = await api(`${house.adminUrl}/api/budgets`)
  assert.equal(json.budgets[0]?.limit_usd, 2 + 1e-9)
  assert.equal((await api(raises)).json.raises.length, 1)
  offset = HOUR
  assert.equal(await status(), 429)
  assert.deepEqual((await api(raises)).json.raises, [])
})

test('a raise revoked by the admin API ends at once, and the audit says who, when, what and why', async (t) => {
  const house = await openHouse(t, { settings: { server }, team: { budgets } })
  const raises = `${house.adminUrl}/api/budgets/raises`
  const until = new Date(Date.now() + HOUR).toISOString()
  const { json } = await api(raises, 'POST', { budget: BUDGET, usd: 2, until, reason: 'demo', who: 'Zoë' })
  assert.equal((await api(`${raises}/${json.id}`, 'DELETE', { reason: 'done' })).status, 200)
  assert.equal((await askWhole(house.chatUrl, { body: chatBody() })).status, 429)
  assert.equal((await api(`${raises}/${json.id}`, 'DELETE', { reason: 'done' })).status, 404)
  const { entries } = (await api(`${raises}/log`)).json
  const what = { raise: json.id, budget: BUDGET, usd: 2, until, via: 'api 127.0.0.1' }
  assert.deepEqual(
    entries.map(({ at, ...entry }) => entry),
    [
      { ...what, action: 'grant', who: 'Zoë', reason: 'demo' },
      { ...what, action: 'revoke', who: 'a holder of the admin token', reason: 'done' },
    ],
  )
  for (const { at } of entries) assert.ok(Math.abs(Date.parse(String(at)) - Date.now()) < 60_000)
})

test('the admin API refuses invalid raises, and callers without a token', async (t) => {
  const house = await openHouse(t, { settings: { server }, team: { budgets } })
  const raises = `${house.adminUrl}/api/budgets/raises`
  const until = new Date(Date.now() + HOUR).toISOString()
  const right = { budget: BUDGET, usd: 2, until, reason: 'demo' }
  const refusals = [
    [{ ...right, budget: 'team:research/day' }, 404, 'budget_not_found'],
    [{ ...right, usd: 0 }, 400, 'invalid_request'],
    [{ ...right, usd: 1e9 }, 400, 'invalid_request'],
    [{ ...right, until: new Date(Date.now() - 1).toISOString() }, 400, 'invalid_request'],
    [{ ...right, until: '2999-01-01T00:00:00Z' }, 400, 'invalid_request'],
    [{ ...right, reason: ' ' }, 400, 'invalid_request'],
    [{ ...right, reason: 'one\nthat looks like two' }, 400, 'invalid_request'],
    [{ ...right, more: 1 }, 400, 'invalid_request'],
  ] as const
  for (const [body, status, code] of refusals) {
    const answer = await api(raises, 'POST', body)
    assert.deepEqual([answer.status, answer.json.error.code], [status, code])
  }
  assert.deepEqual((await api(`${raises}/log`)).json.entries, [])
  for (const path of ['', '/log']) assert.equal((await fetch(raises + path)).status, 401)
  const body = JSON.stringify(right)
  const headers = { 'content-type': 'application/json' }
  assert.equal((await fetch(raises, { method: 'POST', body, headers })).status, 401)
})

test('the command line writes raises to the store, or asks the running process if there is one', async (t) => {
  const settings = { server: { ...server, admin: `127.0.0.1:${await freePort()}` } }
  const { config, close } = await prepareHouse({ settings, team: { budgets } })
  const granted = await run(config, BUDGET, '--usd', '2', '--until', '2h', '--reason', 'before', '--by', 'me')
  assert.equal(granted.code, 0)
  assert.match(granted.err, /written to the store/)
  const trivium = await compose({ config, env: {} })
  t.after(async () => {
    await trivium.close()
    await close()
  })
  const status = async () =>
    (await askWhole(`${trivium.dataUrl}/v1/chat/completions`, { body: chatBody() })).status
  assert.equal(await status(), 200)
  const revoked = await run(config, 'revoke', granted.out.trim(), '--reason', 'over', '--who', 'me')
  assert.deepEqual([revoked.code, /in force now/.test(revoked.err)], [0, true])
  assert.equal(await status(), 429)
  assert.equal((await run(config, 'revoke', granted.out.trim(), '--reason', 'over')).code, 1)
  await run(config, BUDGET, '--usd', '3', '--until', '2h', '--reason', 'while it runs', '--who', 'me')
  assert.equal(await status(), 200)
  assert.match((await run(config, 'list')).out, /while it runs/)
  const log = (await run(config, '--log', '--json')).out.trimEnd().split('\n')
  assert.deepEqual(
    log.map((line) => JSON.parse(line)).map(({ action, via, who, reason }) => [action, via, who, reason]),
    [
      ['grant', 'store', 'me', 'before'],
      ['revoke', 'api 127.0.0.1', 'me', 'over'],
      ['grant', 'api 127.0.0.1', 'me', 'while it runs'],
    ],
  )
})

test('the command line refuses invalid raises', async (t) => {
  const { config, close } = await prepareHouse({ settings: { server }, team: { budgets } })
  t.after(close)
  const right = ['--usd', '2', '--until', '2h', '--reason', 'demo']
  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [['team:research/monht', ...right], /unknown budget .*did you mean "team:research\/month"/],
    [[BUDGET, '--usd', '-2', '--until', '2h', '--reason', 'demo'], /--usd|usd/],
    [[BUDGET, '--usd', '2', '--until', '2001-01-01', '--reason', 'demo'], /--until/],
    [[BUDGET, '--usd', '2', '--until', 'soon', '--reason', 'demo'], /--until/],
    [[BUDGET, '--usd', '2', '--until', '2h'], /--reason/],
    [[BUDGET, '--usd', '2', '--until', '2h', '--reason', 'a\tb\n'], /--reason/],
    [[], /expected a budget/],
    [['revoke', '--reason', 'x'], /id of one raise/],
    [['list', '--admin', 'http://127.0.0.1:1'], /no admin plane answers at http:\/\/127\.0\.0\.1:1: /],
  ]
  for (const [args, message] of wrong) {
    await assert.rejects(run(config, ...args), (error: Error) => {
      assert.match(error.message, message)
      return true
    })
  }
})

test('the command line says what to fix if the process refuses its token or cannot be found', async (t) => {
  const house = await openHouse(t, { settings: { server }, team: { budgets } })
  const io = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() }
  const env = { TRIVIUM_ADMIN_TOKEN: 'a guess' }
  await assert.rejects(
    raise.run(['list', '--admin', house.adminUrl], { ...io, env }),
    /refuses the admin token; set TRIVIUM_ADMIN_TOKEN/,
  )
  // The configuration says port 0, and another process has the store.
  await assert.rejects(
    run(house.config, 'list'),
    /another process is using this store[\s\S]*no admin plane answers[\s\S]*give its address with --admin/,
  )
})
