import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { compose, type Trivium } from '../../src/compose.ts'
import { askWhole } from '../support/client.ts'
import { prepareHouse } from '../support/house.ts'
import { type SharedStores, startSharedStores, withoutShared } from '../support/shared-stores.ts'
import { chatBody } from '../support/written-upstream.ts'

const TOKEN = 'an-admin-token'
const server = { listen: '127.0.0.1:0', admin: '127.0.0.1:0', drain: '200ms', admin_token: TOKEN }
const authorization = `Bearer ${TOKEN}`

describe('replicas on shared stores', { skip: withoutShared }, () => {
  let stores: SharedStores
  before(async () => {
    stores = await startSharedStores()
  })
  beforeEach(() => stores.empty())
  after(() => stores.dispose())

  test('a frozen Redis means quick refusals and failing readiness, and recovers without a restart', async (t) => {
    const [replica] = await open(t, 1)
    assert.ok(replica)
    const chat = `${replica.dataUrl}/v1/chat/completions`
    await seen(async () => (await askWhole(chat, { body: chatBody() })).status === 200)
    t.after(() => stores.redis.thaw())
    stores.redis.freeze()
    for (let count = 0; count < 5; count += 1) {
      const asked = performance.now()
      assert.equal((await askWhole(chat, { body: chatBody() })).status, 503)
      // The store's deadline is 50 ms. The rest is for this machine.
      assert.ok(performance.now() - asked < 500)
    }
    const { status, checks } = await readiness(replica)
    assert.equal(status, 503)
    assert.match(checks.ledger ?? '', /^redis: /)
    stores.redis.thaw()
    await seen(async () => (await readiness(replica)).status === 200)
    await seen(async () => (await askWhole(chat, { body: chatBody() })).status === 200)
  })

  test('readiness reports that Postgres is away, and no request is refused', async (t) => {
    const [replica] = await open(t, 1)
    assert.ok(replica)
    const chat = `${replica.dataUrl}/v1/chat/completions`
    await seen(async () => (await askWhole(chat, { body: chatBody() })).status === 200)
    await stores.postgres.kill()
    await seen(async () => (await askWhole(chat, { body: chatBody() })).status === 200)
    await seen(async () => /rows wait in redis/.test((await readiness(replica)).checks.ledger ?? ''))
    assert.equal((await readiness(replica)).status, 200)
    await stores.postgres.start()
    await seen(async () => (await readiness(replica)).checks.ledger === 'ok')
  })

  test('a raise that one replica grants counts in the others', async (t) => {
    const [one, other] = await open(t, 2)
    assert.ok(one && other)
    const until = new Date(Date.now() + 3_600_000).toISOString()
    const granted = await fetch(`${one.adminUrl}/api/budgets/raises`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ budget: 'team:research/total', usd: 23, until, reason: 'a demo' }),
    })
    assert.ok(granted.ok, await granted.text())
    await seen(async () => {
      const answer = await fetch(`${other.adminUrl}/api/budgets`, { headers: { authorization } })
      return (await answer.text()).includes('"limit_usd":123')
    })
  })

  async function open(context: TestContext, count: number): Promise<readonly Trivium[]> {
    const store = { redis: stores.redis.url, postgres: stores.postgres.url }
    const { config, close } = await prepareHouse({ settings: { server, store } })
    const replicas: Trivium[] = []
    context.after(async () => {
      for (const replica of replicas) await replica.close()
      await close()
    })
    for (let opened = 0; opened < count; opened += 1) replicas.push(await compose({ config, env: {} }))
    return replicas
  }
})

async function readiness({ adminUrl }: Trivium) {
  const answer = await fetch(`${adminUrl}/readyz`)
  const { checks } = (await answer.json()) as { checks: Readonly<Record<string, string>> }
  return { status: answer.status, checks }
}

const PATIENCE_MS = 15_000

async function seen(look: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS
  while (!(await look())) {
    assert.ok(performance.now() < deadline, `not seen within ${PATIENCE_MS} ms: ${look}`)
    await sleep(50)
  }
}
