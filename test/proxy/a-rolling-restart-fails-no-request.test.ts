import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { runCli } from '../../src/cli/cli.ts'
import { Balancer } from '../support/balancer.ts'
import { loadEndlessly } from '../support/endless-load.ts'
import { eventually } from '../support/eventually.ts'
import { openHouse, prepareHouse, readRows } from '../support/house.ts'
import { listening, startServe } from '../support/served-process.ts'
import { chatBody } from '../support/written-upstream.ts'
import { capture } from '../unit/cli/capture.ts'

const TOKEN = 'an-admin-token-for-tests'
const settings = {
  server: { listen: '127.0.0.1:0', admin: '127.0.0.1:0', drain: '30s', admin_token: TOKEN },
}

async function drain(adminUrl: string, ...more: string[]): Promise<string> {
  const io = capture({ TRIVIUM_ADMIN_TOKEN: TOKEN })
  assert.equal(await runCli(['drain', '--admin', adminUrl, ...more], io), 0, io.err())
  return io.out()
}

/** A replica in a process of its own, on a store that its successor takes over. */
async function startReplica(t: TestContext, config: string) {
  const served = startServe(t, ['--config', config])
  const dataUrl = await listening(served)
  const adminUrl = /admin on (\S+)/.exec(served.printed.stdout)?.[1] ?? ''
  return { ...served, dataUrl, adminUrl }
}

/**
 * The outcomes of all requests of each house, once all rows are closed. The last close shortly after their
 * answers.
 */
function closedOutcomes(houses: readonly { readonly database: string }[]): Promise<unknown[][]> {
  return eventually(() => {
    const outcomes = houses.map(({ database }) => readRows(database).map(({ outcome }) => outcome))
    return outcomes.flat().includes(null) ? undefined : outcomes
  })
}

test('draining, stopping and replacing replicas one after the other fails no request', async (t) => {
  const houses = await Promise.all([prepareHouse({ settings }), prepareHouse({ settings })])
  for (const { close } of houses) t.after(close)
  const balancer = new Balancer()
  t.after(() => balancer.close())
  const places = await Promise.all(
    houses.map(async (house) => ({ house, replica: await startReplica(t, house.config) })),
  )
  for (const { replica } of places) await balancer.add(replica.dataUrl, replica.adminUrl)
  const running = loadEndlessly(t, (body) => balancer.ask(body), 8)
  for (const { house, replica } of places) {
    await running.more(50)
    await drain(replica.adminUrl)
    await balancer.left(replica.dataUrl)
    replica.child.kill('SIGTERM')
    assert.deepEqual(await replica.exited, [0, null])
    const successor = await startReplica(t, house.config)
    await balancer.add(successor.dataUrl, successor.adminUrl)
  }
  await running.more(50)
  const { count, failures } = await running.end()
  assert.deepEqual(failures, [])
  assert.deepEqual(
    (await closedOutcomes(houses)).flat(),
    Array.from({ length: count }, () => 'ok'),
  )
})

test('a killed replica fails only its own requests in flight, and its successor settles them', async (t) => {
  const houses = await Promise.all([prepareHouse({ settings }), prepareHouse({ settings })])
  for (const { close } of houses) t.after(close)
  const balancer = new Balancer()
  t.after(() => balancer.close())
  const [killed, survivor] = await Promise.all(houses.map(({ config }) => startReplica(t, config)))
  assert.ok(killed !== undefined && survivor !== undefined)
  for (const { dataUrl, adminUrl } of [killed, survivor]) await balancer.add(dataUrl, adminUrl)
  const running = loadEndlessly(t, (body) => balancer.ask(body), 8)
  await running.more(50)
  killed.child.kill('SIGKILL')
  await balancer.left(killed.dataUrl)
  const successor = await startReplica(t, houses[0]?.config ?? '')
  await balancer.add(successor.dataUrl, successor.adminUrl)
  await running.more(50)
  const { failures } = await running.end()
  for (const failure of failures) assert.ok(failure.startsWith(killed.dataUrl), failure)
  const [left, others] = await closedOutcomes(houses)
  assert.deepEqual([...new Set(others)], ['ok'])
  assert.deepEqual(new Set(left).difference(new Set(['ok', 'unsettled'])), new Set())
})

test('reloads under load fail no request', async (t) => {
  const house = await openHouse(t, { settings })
  const balancer = new Balancer()
  t.after(() => balancer.close())
  await balancer.add(house.baseUrl, house.adminUrl)
  const running = loadEndlessly(t, (body) => balancer.ask(body), 8)
  for (const retries of [0, 1, 2, 0, 1, 2]) {
    await running.more(20)
    house.rewrite({ settings, upstream: { retries } })
    await house.reload()
  }
  await running.more(20)
  assert.deepEqual((await running.end()).failures, [])
})

test('a server out of rotation is not ready, still serves, and asks its clients to reconnect', async (t) => {
  const house = await openHouse(t, { settings })
  const ready = async () => (await fetch(`${house.adminUrl}/readyz`)).status
  const connection = async () => {
    const answer = await fetch(house.chatUrl, {
      method: 'POST',
      headers: { authorization: 'Bearer sk-test' },
      body: JSON.stringify(chatBody()),
    })
    assert.equal(answer.status, 200)
    await answer.arrayBuffer()
    return answer.headers.get('connection')
  }
  assert.deepEqual([await ready(), await connection()], [200, 'keep-alive'])
  assert.match(await drain(house.adminUrl), /^out of rotation, \d requests in flight\n$/)
  assert.deepEqual([await ready(), await connection()], [503, 'close'])
  assert.equal(JSON.parse(await drain(house.adminUrl, '--undo', '--json')).draining, false)
  assert.deepEqual([await ready(), await connection()], [200, 'keep-alive'])
})

test('only admins can take a server out of rotation', async (t) => {
  const house = await openHouse(t, { settings })
  for (const method of ['POST', 'DELETE', 'GET']) {
    assert.equal((await fetch(`${house.adminUrl}/api/drain`, { method })).status, 401)
  }
  const io = capture({ TRIVIUM_ADMIN_TOKEN: 'another' })
  assert.equal(await runCli(['drain', '--admin', house.adminUrl], io), 2)
  assert.match(io.err(), /refuses the admin token/)
  assert.equal((await fetch(`${house.adminUrl}/readyz`)).status, 200)
})
