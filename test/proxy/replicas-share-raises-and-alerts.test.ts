import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { after, before, describe, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { raise } from '../../src/cli/raise.ts'
import { compose } from '../../src/compose.ts'
import { askWhole } from '../support/client.ts'
import { eventually } from '../support/eventually.ts'
import { type HouseOptions, prepareHouse } from '../support/house.ts'
import { type SharedStores, startSharedStores, withoutShared } from '../support/shared-stores.ts'
import { chatBody } from '../support/written-upstream.ts'

const BUDGET = 'team:research/month'
const server = { listen: '127.0.0.1:0', admin: '127.0.0.1:0', drain: '200ms', admin_token: 'an-admin-token' }

describe('two replicas', { skip: withoutShared }, () => {
  let stores: SharedStores
  before(async () => {
    stores = await startSharedStores()
  })
  after(() => stores.dispose())

  async function prepare(options: HouseOptions) {
    await stores.empty()
    const store = { redis: stores.redis.url, postgres: stores.postgres.url }
    return prepareHouse({ ...options, settings: { server, store, ...options.settings } })
  }

  /** Repeated while the machine is too busy to meet a store's deadline: these tests are about raises. */
  async function statusOf({ dataUrl }: { readonly dataUrl: string }): Promise<number> {
    return eventually(async () => {
      const { status } = await askWhole(`${dataUrl}/v1/chat/completions`, { body: chatBody() })
      return status === 503 ? undefined : status
    })
  }

  async function soon(replica: { readonly dataUrl: string }, status: number): Promise<void> {
    const deadline = performance.now() + 10_000
    while ((await statusOf(replica)) !== status) {
      assert.ok(performance.now() < deadline, `not ${status} within ten seconds`)
      await setTimeout(50)
    }
  }

  test('a raise or its revocation counts at once where it is made and soon on every replica', async (t) => {
    const house = await prepare({ team: { budgets: [{ usd: 1e-9, per: 'month' }] } })
    t.after(() => house.close())
    const run = async (...args: string[]) => {
      const stdout = new PassThrough()
      const io = { stdin: new PassThrough(), stdout, stderr: new PassThrough().resume(), env: {} }
      const code = await raise.run([...args, '--config', house.config], io)
      stdout.end()
      assert.equal(code, 0)
      return (await text(stdout)).trim()
    }
    const granting = [BUDGET, '--usd', '2', '--until', '2h', '--reason', 'demo', '--who', 'me']
    // Nothing listens on port 0, so this is written to Postgres.
    const early = await run(...granting)
    const [one, other] = [
      await compose({ config: house.config, env: {} }),
      await compose({ config: house.config, env: {} }),
    ]
    t.after(() => Promise.all([one.close(), other.close()]))
    assert.deepEqual([await statusOf(one), await statusOf(other)], [200, 200])

    await run('revoke', early, '--reason', 'over', '--admin', one.adminUrl)
    assert.equal(await statusOf(one), 429)
    await soon(other, 429)

    await run(...granting, '--admin', other.adminUrl)
    assert.equal(await statusOf(other), 200)
    await soon(one, 200)
    const log = (await run('--log', '--json', '--admin', one.adminUrl)).split('\n')
    assert.deepEqual(
      log.map((line) => JSON.parse(line).action),
      ['grant', 'revoke', 'grant'],
    )
  })

  test('a raise is listed by all replicas once granted, and exactly one revocation succeeds', async (t) => {
    const house = await prepare({ team: { budgets: [{ usd: 1, per: 'month' }] } })
    const replicas = [
      await compose({ config: house.config, env: {} }),
      await compose({ config: house.config, env: {} }),
    ]
    t.after(async () => {
      await Promise.all(replicas.map((replica) => replica.close()))
      await house.close()
    })
    const call = async (replica: number, method: string, path: string, body?: object) => {
      const answer = await fetch(`${replicas[replica]?.adminUrl}/api/budgets/raises${path}`, {
        method,
        headers: { authorization: 'Bearer an-admin-token', 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      return { status: answer.status, told: await answer.text() }
    }
    const until = new Date(Date.now() + 3_600_000).toISOString()
    for (let round = 0; round < 5; round += 1) {
      const granted = await call(0, 'POST', '', { budget: BUDGET, usd: 1, until, reason: 'demo' })
      const { id } = JSON.parse(granted.told)
      assert.match((await call(1, 'GET', '')).told, new RegExp(id))
      const asked = Array.from({ length: 6 }, (_, index) => (index + 1) % 2)
      const ends = await Promise.all(
        asked.map((replica) => call(replica, 'DELETE', `/${id}`, { reason: 'over' })),
      )
      const statuses = ends.map(({ status }) => status).sort()
      assert.deepEqual(statuses, [200, 404, 404, 404, 404, 404])
      for (const replica of [0, 1]) assert.doesNotMatch((await call(replica, 'GET', '')).told, new RegExp(id))
    }
    const { entries } = JSON.parse((await call(0, 'GET', '/log')).told)
    assert.equal(entries.length, 10)
  })

  test('a threshold that both replicas see is reported once', async (t) => {
    const heard: string[] = []
    const webhook = createServer((request, response) => {
      heard.push(String(request.headers['webhook-id']))
      request.resume()
      response.writeHead(204).end()
    }).listen(0, '127.0.0.1')
    await once(webhook, 'listening')
    const address = webhook.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const house = await prepare({
      settings: { alerts: { webhook: `http://127.0.0.1:${port}`, secret: 'a secret of the operators' } },
      team: { budgets: [{ usd: 50, per: 'month' }], alert_at: [0.000_000_1] },
    })
    const replicas = await Promise.all([0, 1].map(() => compose({ config: house.config, env: {} })))
    t.after(async () => {
      await Promise.all(replicas.map((replica) => replica.close()))
      await house.close()
      webhook.close()
      webhook.closeAllConnections()
    })
    const many = Array.from({ length: 20 }, (_, index) => replicas[index % 2])
    const statuses = await Promise.all(many.map((replica) => replica && statusOf(replica)))
    assert.deepEqual([...new Set(statuses)], [200])
    await eventually(() => (heard.length > 0 ? true : undefined))
    await setTimeout(500)
    assert.equal(heard.length, 1)
  })
})
