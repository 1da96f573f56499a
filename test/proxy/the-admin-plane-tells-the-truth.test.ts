import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askWhole } from '../support/client.ts'
import { KEY, openHouse } from '../support/house.ts'

const server = { listen: '127.0.0.1:0', admin: '127.0.0.1:0', drain: '200ms', admin_token: 'an-admin-token' }
const body = JSON.stringify({
  model: 'auto',
  messages: [{ role: 'user', content: 'Who wrote Middlemarch?' }],
})

test('probes need no token and say what works', async (t) => {
  const house = await openHouse(t, { settings: { server } })
  assert.deepEqual(await (await fetch(`${house.adminUrl}/healthz`)).json(), { status: 'ok' })
  const ready = await fetch(`${house.adminUrl}/readyz`)
  assert.equal(ready.status, 200)
  assert.deepEqual(await ready.json(), {
    status: 'ready',
    checks: { ledger: 'ok', limits: 'ok', configuration: 'ok', draining: 'false' },
  })
  const metrics = await (await fetch(`${house.adminUrl}/metrics`)).text()
  assert.match(metrics, /^trivium_ledger_writable 1$/m)
  assert.match(metrics, /^trivium_config_last_reload_accepted 1$/m)
})

test('budgets are shown only with the token, and exact to the nano-dollar', async (t) => {
  const house = await openHouse(t, { settings: { server }, team: { budgets: [{ usd: 2, per: 'day' }] } })
  const url = `${house.adminUrl}/api/budgets`
  assert.equal((await fetch(url)).status, 401)
  assert.equal((await fetch(url, { headers: { authorization: 'Bearer guess' } })).status, 401)
  const answer = await askWhole(house.chatUrl, { key: KEY, body })
  const shown = await fetch(url, { headers: { authorization: 'Bearer an-admin-token' } })
  const { budgets } = (await shown.json()) as {
    budgets: { id: string; spent_usd: number; held_usd: number }[]
  }
  assert.equal(budgets[0]?.id, 'team:research/day')
  assert.equal(budgets[0]?.spent_usd, Number(answer.headers['x-trivium-cost-usd']))
  assert.equal(budgets[0]?.held_usd, 0)
})

test('a refused reload shows in readiness and metrics, and the proxy keeps serving', async (t) => {
  const house = await openHouse(t, { settings: { server } })
  house.rewrite({ settings: { server, routes: { stem_reasoning: ['no-such-model'] } } })
  await house.reload()
  const { checks } = (await (await fetch(`${house.adminUrl}/readyz`)).json()) as {
    checks: { configuration: string }
  }
  assert.match(checks.configuration, /refused.*routes/s)
  assert.match(
    await (await fetch(`${house.adminUrl}/metrics`)).text(),
    /^trivium_config_last_reload_accepted 0$/m,
  )
  assert.equal((await askWhole(house.chatUrl, { key: KEY, body })).status, 200)
})

test('the admin plane refuses in the data plane’s error envelope', async (t) => {
  const house = await openHouse(t, { settings: { server } })
  const refusals = [
    ['/nothing', 404, 'unknown_url'],
    ['/api/budgets', 401, 'invalid_api_key'],
    ['/%zz', 400, 'invalid_request'],
  ] as const
  for (const [path, status, code] of refusals) {
    const answer = await fetch(`${house.adminUrl}${path}`)
    assert.equal(answer.status, status)
    const { error } = (await answer.json()) as { error: { message: string } }
    assert.ok(error.message.length > 10)
    assert.deepEqual(error, { message: error.message, type: 'invalid_request_error', param: null, code })
  }
})
