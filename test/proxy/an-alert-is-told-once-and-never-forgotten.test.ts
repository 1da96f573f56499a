import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { type TestContext, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { z } from 'zod'
import { compose } from '../../src/compose.ts'
import { ask, askWhole } from '../support/client.ts'
import { eventually } from '../support/eventually.ts'
import { openHouse, prepareHouse, type Settings } from '../support/house.ts'
import { listening, startServe } from '../support/served-process.ts'
import { chatBody } from '../support/written-upstream.ts'

const SECRET = 'a secret of the operators'
const BUDGET = 'team:research/total'

const Told = z.strictObject({
  type: z.literal('budget.threshold_reached'),
  timestamp: z.iso.datetime(),
  text: z.string(),
  data: z.strictObject({
    id: z.string(),
    budget: z.string(),
    team: z.string(),
    key: z.string().nullable(),
    per: z.string(),
    threshold: z.number(),
    limit_usd: z.number(),
    spent_usd: z.number(),
    held_usd: z.number(),
    window_start: z.iso.datetime().nullable(),
    resets_at: z.iso.datetime().nullable(),
  }),
})

/** A webhook that answers by `scene` and records what it receives. A wrong signature fails the test. */
async function openWebhook(t: TestContext) {
  const heard: z.infer<typeof Told>['data'][] = []
  const scene = { answer: (response: ServerResponse) => void response.writeHead(204).end() }
  const server = createServer(async (request, response) => {
    const chunks = await request.toArray()
    const body = Buffer.concat(chunks).toString()
    const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature } = request.headers
    const expected = createHmac('sha256', SECRET).update(`${id}.${at}.${body}`).digest('base64')
    assert.equal(signature, `v1,${expected}`)
    assert.ok(Math.abs(Number(at) * 1000 - Date.now()) < 60_000)
    const { data } = Told.parse(JSON.parse(body))
    assert.equal(id, data.id)
    heard.push(data)
    scene.answer(response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { heard, scene, url: `http://127.0.0.1:${port}/a/secret/path` }
}

/** One answer of the simulator crosses the first threshold. Only the whole budget crosses the second. */
function settingsFor(url: string, more: Settings = {}) {
  const team = { budgets: [{ usd: 1, per: 'total' }], alert_at: [0.000_001, 1] }
  return { settings: { alerts: { webhook: url, secret: SECRET }, ...more }, team }
}

test('the webhook is told of a threshold once, with the limit and what is spent and held', async (t) => {
  const webhook = await openWebhook(t)
  const house = await openHouse(t, settingsFor(webhook.url))
  house.simulator.follow(({ stream }) =>
    stream ? { fault: { kind: 'pause', when: 'mid_frame' } } : undefined,
  )
  const inFlight = await ask(house.chatUrl, { body: chatBody({ stream: true, max_tokens: 300 }) })
  await inFlight.until('content')
  assert.equal((await askWhole(house.chatUrl, { body: chatBody() })).status, 200)
  const [alert] = await eventually(() => (webhook.heard.length > 0 ? webhook.heard : undefined))
  assert.ok(alert)
  assert.deepEqual([alert.budget, alert.team, alert.key, alert.per], [BUDGET, 'research', null, 'total'])
  assert.deepEqual([alert.threshold, alert.limit_usd, alert.resets_at], [0.000_001, 1, null])
  assert.ok(alert.spent_usd > 0 && alert.spent_usd <= house.simulator.billedNanoUsd() / 1e9)
  assert.ok(alert.held_usd > 0)
  house.simulator.release()
  await inFlight.ended
  await askWhole(house.chatUrl, { body: chatBody() })
  house.rewrite(settingsFor(webhook.url))
  await house.reload()
  await setTimeout(400)
  assert.equal(webhook.heard.length, 1)
  const metrics = await (await fetch(`${house.adminUrl}/metrics`)).text()
  assert.match(metrics, /^trivium_budget_alert\{budget="team:research\/total",threshold="0.000001"\} 1$/m)
  assert.match(metrics, /^trivium_budget_alert\{budget="team:research\/total",threshold="1"\} 0$/m)
  assert.match(metrics, /^trivium_alert_attempts_total\{outcome="delivered"\} 1$/m)
  assert.match(metrics, /^trivium_alerts_waiting 0$/m)
})

test('a threshold that a reload lowers below what is spent raises an alert', async (t) => {
  const webhook = await openWebhook(t)
  const { settings } = settingsFor(webhook.url)
  const house = await openHouse(t, { settings })
  await askWhole(house.chatUrl, { body: chatBody() })
  assert.equal(webhook.heard.length, 0)
  house.rewrite({ settings, team: { budgets: [{ usd: 100, per: 'total' }], alert_at: [1e-9] } })
  await house.reload()
  const [alert] = await eventually(() => (webhook.heard.length > 0 ? webhook.heard : undefined))
  assert.equal(alert?.threshold, 1e-9)
})

test('a webhook that does not answer delays no request and shutdown only briefly', async (t) => {
  const webhook = await openWebhook(t)
  webhook.scene.answer = () => undefined
  const { config, close } = await prepareHouse(settingsFor(webhook.url))
  t.after(close)
  const trivium = await compose({ config, env: {} })
  const url = `${trivium.dataUrl}/v1/chat/completions`
  await askWhole(url, { body: chatBody() })
  await eventually(() => (webhook.heard.length > 0 ? true : undefined))
  assert.equal((await askWhole(url, { body: chatBody() })).status, 200)
  const from = performance.now()
  await trivium.close()
  assert.ok(performance.now() - from < 5000)
})

test('delivery to a failing webhook is retried', async (t) => {
  const webhook = await openWebhook(t)
  webhook.scene.answer = (response) => {
    response.writeHead(webhook.heard.length === 1 ? 503 : 200).end()
  }
  const house = await openHouse(t, settingsFor(webhook.url))
  await askWhole(house.chatUrl, { body: chatBody() })
  const [first, second] = await eventually(() => (webhook.heard.length > 1 ? webhook.heard : undefined))
  assert.equal(first?.id, second?.id)
  const waiting = async () => /^trivium_alerts_waiting 0$/m.test(await metricsOf(house.adminUrl))
  let done = await waiting()
  while (!done) done = await waiting()
  assert.equal(webhook.heard.length, 2)
})

test('an alert undelivered when its process is killed is delivered by the next, and only once', async (t) => {
  const webhook = await openWebhook(t)
  const { config, close } = await prepareHouse(settingsFor(webhook.url, { log: { level: 'warn' } }))
  t.after(close)
  webhook.scene.answer = () => undefined
  const first = startServe(t, ['--config', config])
  await askWhole(`${await listening(first)}/chat/completions`, { body: chatBody() })
  await eventually(() => (webhook.heard.length === 1 ? true : undefined))
  await eventually(() => (first.printed.stdout.includes('has reached') ? true : undefined))
  first.child.kill('SIGKILL')
  await first.exited

  webhook.scene.answer = (response) => void response.writeHead(200).end()
  const second = startServe(t, ['--config', config])
  const url = `${await listening(second)}/chat/completions`
  await eventually(() => (webhook.heard.length === 2 ? true : undefined))
  assert.equal(webhook.heard[1]?.id, webhook.heard[0]?.id)
  await askWhole(url, { body: chatBody() })
  second.child.kill('SIGTERM')
  await second.exited

  const third = startServe(t, ['--config', config])
  await askWhole(`${await listening(third)}/chat/completions`, { body: chatBody() })
  await setTimeout(400)
  assert.equal(webhook.heard.length, 2)
  assert.match(first.printed.stdout, /"level":40.*"budget":"team:research\/total".*has reached/)
})

async function metricsOf(adminUrl: string): Promise<string> {
  return (await fetch(`${adminUrl}/metrics`)).text()
}
