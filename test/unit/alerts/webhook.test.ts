import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { type TestContext, test } from 'node:test'
import { Webhook } from '../../../src/alerts/webhook.ts'
import { alertOf } from '../../support/alerts.ts'
import { startWritten } from '../../support/written-upstream.ts'

const NOW = Date.UTC(2026, 10, 22, 12, 0, 1)
const SECRET = 'a secret of the operators'

/** A webhook whose address contains a secret, and everything that was logged about it. */
function scene(t: TestContext, url: string | undefined, secret = SECRET) {
  const logged: string[] = []
  const log = (facts: object, message: string) => void logged.push(JSON.stringify({ ...facts, message }))
  const settings = url === undefined ? undefined : { url: `${url}/a-secret-path?token=s3cret`, secret }
  const webhook = new Webhook({ log: { warn: log, error: log }, settings: () => settings, now: () => NOW })
  t.after(() => webhook.close())
  return { webhook, logged }
}

test('tells apart alerts delivered, worth another attempt, and refused for good', async (t) => {
  const statuses = [200, 204, 301, 400, 404, 410, 408, 425, 429, 500, 503]
  const { baseUrl } = await startWritten(t, (response, index) => {
    response.writeHead(statuses[index] ?? 200, { location: '/elsewhere' }).end('no matter what')
  })
  const { webhook, logged } = scene(t, baseUrl)
  const attempts: string[] = []
  for (const _ of statuses) attempts.push(await webhook.send(alertOf('alert_1')))
  assert.deepEqual(attempts, [
    ...['delivered', 'delivered', 'refused', 'refused', 'refused', 'refused'],
    ...['failed', 'failed', 'failed', 'failed', 'failed'],
  ])
  assert.equal(logged.length, statuses.length - 2)
  assert.doesNotMatch(logged.join(), /secret/)
})

test('an unreachable webhook is worth another attempt, and a missing one is not', async (t) => {
  const { webhook, logged } = scene(t, 'http://127.0.0.1:1')
  assert.equal(await webhook.send(alertOf('alert_1')), 'failed')
  assert.match(logged.join(), /ECONNREFUSED/)
  assert.doesNotMatch(logged.join(), /secret/)
  assert.equal(await scene(t, undefined).webhook.send(alertOf('alert_1')), 'nowhere')
})

test('signs as Standard Webhooks specifies, with a secret in either form', async (t) => {
  const heard: IncomingHttpHeaders[] = []
  const { baseUrl } = await startWritten(t, (response, _, request) => {
    heard.push(request.headers)
    response.end()
  })
  const key = Buffer.from([1, 2, 3, 250, 251, 252, 4, 5, 6, 7, 8, 9])
  const forms = [
    [SECRET, Buffer.from(SECRET)],
    [`whsec_${key.toString('base64')}`, key],
  ] as const
  for (const [secret, bytes] of forms) {
    assert.equal(await scene(t, baseUrl, secret).webhook.send(alertOf('alert_1')), 'delivered')
    const headers = heard.at(-1) ?? assert.fail('it was heard')
    const body = `{"type":"budget.threshold_reached","timestamp":"2026-11-22T12:00:00.000Z","text":"Budget team:research/day has reached 80 %: 0.000000801 of 0.000001 USD spent, 0.000000012 held. It resets at 2026-11-23T00:00:00.000Z.","data":{"id":"alert_1","budget":"team:research/day","team":"research","key":null,"per":"day","threshold":0.8,"limit_usd":0.000001,"spent_usd":8.01e-7,"held_usd":1.2e-8,"window_start":"2026-11-22T00:00:00.000Z","resets_at":"2026-11-23T00:00:00.000Z"}}`
    const signed = createHmac('sha256', bytes)
      .update(`alert_1.${NOW / 1000}.${body}`)
      .digest('base64')
    assert.deepEqual(
      [headers['webhook-id'], headers['webhook-timestamp'], headers['webhook-signature']],
      ['alert_1', String(NOW / 1000), `v1,${signed}`],
    )
  }
})
