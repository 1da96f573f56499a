import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { ask, askWhole } from '../support/client.ts'
import { eventually } from '../support/eventually.ts'
import { openHouse } from '../support/house.ts'
import { chatBody } from '../support/written-upstream.ts'

// A client that hung up during the few milliseconds in which its row was being written used to go unnoticed:
// the upstream was asked anyway, nothing stopped it, and the slot stayed taken until the answer had ended by
// itself.
const LEAVERS = 120
const CONCURRENT = 16

test('clients that hang up while their row is being written leave nothing open', async (t) => {
  const house = await openHouse(t, { team: { limits: { concurrent: CONCURRENT } } })
  house.simulator.follow(({ stream }) =>
    stream ? { fault: { kind: 'stall', when: 'mid_stream' } } : undefined,
  )
  let busy = true
  // Other clients' rows keep the ledger writing, so that a hold has to wait its turn.
  const others = Array.from({ length: 6 }, async () => {
    while (busy) await askWhole(house.chatUrl, { body: chatBody() })
  })
  for (let leaver = 0; leaver < LEAVERS; leaver += 1) await hangUp(house.chatUrl, (leaver % 9) / 2)
  busy = false
  await Promise.all(others)

  const inFlight = async () =>
    /^trivium_requests_in_flight (\d+)$/m.exec(await metricsOf(house.adminUrl))?.[1]
  const deadline = performance.now() + 10_000
  while ((await inFlight()) !== '0' && performance.now() < deadline) await setTimeout(20)
  assert.equal(await inFlight(), '0')
  const left = house.rows().filter(({ stream }) => stream)
  assert.ok(left.length > LEAVERS / 2, `only ${left.length} arrived`)
  for (const { outcome, cost_nusd } of left) assert.ok(outcome !== null && cost_nusd !== null)
  await eventually(() =>
    house.simulator.calls.every(({ endedAt }) => endedAt !== undefined) ? true : undefined,
  )
  const booked = house.rows().reduce((sum, { cost_nusd }) => sum + (cost_nusd ?? 0), 0)
  assert.ok(house.simulator.billedNanoUsd() <= booked, `${house.simulator.billedNanoUsd()} > ${booked}`)

  const together = Array.from({ length: CONCURRENT }, () =>
    ask(house.chatUrl, { body: chatBody({ stream: true }) }),
  )
  for (const answer of await Promise.all(together)) {
    assert.equal(answer.status, 200)
    answer.abort()
  }
})

/** Sends a whole request and cuts the connection `afterMs` milliseconds after it connected. */
async function hangUp(url: string, afterMs: number): Promise<void> {
  const { hostname, port, pathname } = new URL(url)
  const body = JSON.stringify(chatBody({ stream: true }))
  const head = [
    `POST ${pathname} HTTP/1.1`,
    'host: x',
    'authorization: Bearer sk-test',
    'content-type: application/json',
    `content-length: ${body.length}`,
  ]
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`)
  await once(socket, 'connect')
  await setTimeout(afterMs)
  socket.destroy()
  await setTimeout(5)
}

async function metricsOf(adminUrl: string): Promise<string> {
  return (await fetch(`${adminUrl}/metrics`)).text()
}
