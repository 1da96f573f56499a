import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, askWhole } from '../support/client.ts'
import { openHouse } from '../support/house.ts'
import { chatBody, frame, startWritten } from '../support/written-upstream.ts'

// Tools or deltas nested thousands of levels deep used to exhaust the stack while the request was priced.
// Nothing caught that, so the slot, the hold and the row stayed open: a few such requests locked a team out
// until the next start.
const DEPTH = 20_000
const deep = `${'['.repeat(DEPTH)}{"1":2}${']'.repeat(DEPTH)}`

test('deeply nested tools in a stream that the client leaves keep nothing open', async (t) => {
  const upstream = await startWritten(t, (response, index) => {
    if (index > 0) response.writeHead(200, { 'content-type': 'application/json' }).end('{"choices":[]}')
    else {
      const words = frame({ choices: [{ index: 0, delta: { content: 'a' } }] })
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(words)
    }
  })
  const house = await openHouse(t, {
    team: { limits: { concurrent: 1 } },
    upstream: { base_url: upstream.baseUrl },
  })
  const tool = `{"type":"function","function":{"name":"f","parameters":{"type":"object","default":${deep}}}}`
  const stream = await ask(house.chatUrl, {
    body: `${JSON.stringify(chatBody({ stream: true })).slice(0, -1)},"tools":[${tool}]}`,
  })
  await stream.until('"content":"a"')
  stream.abort()
  const row = await house.row(stream.headers['x-request-id'])
  assert.equal(row.outcome, 'client_left')
  assert.ok((row.cost_nusd ?? 0) > 0)
  assert.equal((await askWhole(house.chatUrl, { body: chatBody() })).status, 200)
})

test('deeply nested deltas in a stream that breaks off keep nothing open', async (t) => {
  const upstream = await startWritten(t, (response, index) => {
    if (index > 0) {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"choices":[]}')
      return
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const hostile = frame({ choices: [{ index: 0, delta: { content: 'a', deep: [] } }] })
    // Small enough to be within the part of a stream that an estimate reads.
    response.write(hostile.replace('[]}', `${'['.repeat(7_500)}${']'.repeat(7_500)}}`), () =>
      response.socket?.destroy(),
    )
  })
  const house = await openHouse(t, {
    team: { limits: { concurrent: 1 } },
    upstream: { base_url: upstream.baseUrl },
  })
  const broken = await askWhole(house.chatUrl, { body: chatBody({ stream: true }) })
  assert.equal((await house.row(broken.headers['x-request-id'])).outcome, 'broken')
  assert.equal((await askWhole(house.chatUrl, { body: chatBody() })).status, 200)
})
