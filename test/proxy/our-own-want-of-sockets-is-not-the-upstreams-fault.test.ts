import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { test } from 'node:test'
import { Client } from 'undici'
import { eventually } from '../support/eventually.ts'
import { KEY, prepareHouse, readRows } from '../support/house.ts'
import { listening, startServe } from '../support/served-process.ts'
import { chatBody, startWritten } from '../support/written-upstream.ts'

const MOST_OPEN_FILES = 96
/** Enough to open a circuit breaker if they counted as the upstream's failures. */
const FAILURES = 6

// EMFILE used to count as the upstream's failure: five of them opened the circuit breaker of a healthy target.
test('requests without a free socket are refused as the proxy’s own fault, and later ones are served', async (t) => {
  const upstream = await startWritten(t, (response) => {
    response.writeHead(200, { 'content-type': 'application/json', connection: 'close' })
    response.end('{"choices":[{"index":0,"message":{"role":"assistant","content":"Hi"}}],"usage":{}}')
  })
  const house = await prepareHouse({
    upstream: { base_url: upstream.baseUrl },
    settings: { log: { level: 'info' } },
  })
  t.after(house.close)
  const served = startServe(t, ['--config', house.config], {}, { mostOpenFiles: MOST_OPEN_FILES })
  const { origin, port } = new URL(await listening(served))
  const client = new Client(origin)
  t.after(() => client.destroy())
  const chat = async () => {
    const { statusCode, headers, body } = await client.request({
      path: '/v1/chat/completions',
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify(chatBody()),
    })
    return { status: statusCode, headers, text: await body.text() }
  }
  assert.equal((await chat()).status, 200)

  const sockets = Array.from({ length: MOST_OPEN_FILES }, () => occupy(Number(port)))
  t.after(() => {
    for (const socket of sockets) socket.destroy()
  })
  // A connection accepted beyond the limit is closed at once.
  await Promise.race(sockets.map((socket) => once(socket, 'close')))
  for (let failure = 0; failure < FAILURES; failure += 1) {
    const { status, headers, text } = await chat()
    assert.equal(status, 503)
    assert.equal(headers['retry-after-ms'], '1000')
    assert.match(text, /no socket left.*EMFILE.*"code": "out_of_sockets"/s)
  }
  assert.equal(upstream.count, 1)
  const isTold = () => /"level":50,.*raise its limit of open files/.test(served.printed.stdout)
  await eventually(() => isTold() || undefined)

  for (const socket of sockets) socket.destroy()
  const next = await eventually(async () => {
    const answer = await chat()
    return answer.text.includes('out_of_sockets') ? undefined : answer
  })
  assert.equal(next.status, 200, next.text)
  const refused = readRows(house.database).filter(({ error_code }) => error_code === 'out_of_sockets')
  assert.ok(refused.length >= FAILURES)
  for (const row of refused) assert.deepEqual([row.outcome, row.cost_nusd], ['refused', 0])
})

/** A connection that sends nothing. */
function occupy(port: number): Socket {
  return connect(port, '127.0.0.1').on('error', () => undefined)
}
