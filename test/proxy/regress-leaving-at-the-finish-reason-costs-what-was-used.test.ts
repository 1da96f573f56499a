import assert from 'node:assert/strict'
import { channel } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { ask } from '../support/client.ts'
import { eventually } from '../support/eventually.ts'
import { openHouse } from '../support/house.ts'
import { chatBody, frame, startWritten } from '../support/written-upstream.ts'

// SDKs hang up at the last finish reason, a moment before the usage comes. With o1-mini, whose reasoning is
// hidden, such an answer was booked at its bound: three of them used up a dollar, although each had cost a
// tenth of a cent.
const finish = frame({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })
const usage = frame({ choices: [], usage: { prompt_tokens: 20, completion_tokens: 300, total_tokens: 320 } })
const body = chatBody({ model: 'trivium/pin:o1-mini', stream: true })

/**
 * Resolves when a server of this process sees that the client of its next connection has left. Until then the
 * proxy treats whatever comes as an answer to a client that is still there.
 */
function nextClientGone(): Promise<void> {
  const accepted = channel('net.server.socket')
  return new Promise((resolve) => {
    const listen = (message: unknown) => {
      accepted.unsubscribe(listen)
      const { socket } = message as { readonly socket: Socket }
      socket.once('close', () => resolve())
    }
    accepted.subscribe(listen)
  })
}

test('usage that comes a moment after the client has left is booked', async (t) => {
  const left = Promise.withResolvers<void>()
  const upstream = await startWritten(t, async (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(finish)
    await left.promise
    await setTimeout(20)
    response.end(`${usage}data: [DONE]\n\n`)
  })
  const house = await openHouse(t, { upstream: { base_url: upstream.baseUrl } })
  const gone = nextClientGone()
  const answer = await ask(house.chatUrl, { body })
  await answer.until('"stop"')
  answer.abort()
  void gone.then(() => left.resolve())
  const row = await house.row(answer.headers['x-request-id'])
  assert.deepEqual([row.outcome, row.usage_source], ['client_left', 'reported'])
  // 1.10 and 4.40 dollars per million.
  assert.equal(row.cost_nusd, 20 * 1_100 + 300 * 4_400)
})

test('usage of a legacy completion that comes a moment after the client has left is booked too', async (t) => {
  const left = Promise.withResolvers<void>()
  const upstream = await startWritten(t, async (response) => {
    const said = frame({ choices: [{ index: 0, text: 'Hello', finish_reason: 'stop' }] })
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(said)
    await left.promise
    await setTimeout(20)
    response.end(`${usage}data: [DONE]\n\n`)
  })
  const house = await openHouse(t, {
    upstream: { base_url: upstream.baseUrl },
    team: { endpoints: ['completions'] },
  })
  const gone = nextClientGone()
  const answer = await ask(`${house.baseUrl}/completions`, {
    body: { model: 'gpt-3.5-turbo-instruct', prompt: 'Say hello', max_tokens: 400, stream: true },
  })
  await answer.until('"stop"')
  answer.abort()
  void gone.then(() => left.resolve())
  const row = await house.row(answer.headers['x-request-id'])
  assert.deepEqual([row.outcome, row.usage_source], ['client_left', 'reported'])
  // 1.50 and 2.00 dollars per million.
  assert.equal(row.cost_nusd, 20 * 1_500 + 300 * 2_000)
})

test('the proxy waits no longer than a tenth of a second for late usage', async (t) => {
  const waits: number[] = []
  let leftAt = 0
  const upstream = await startWritten(t, (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(finish)
    response.once('close', () => waits.push(performance.now() - leftAt))
  })
  const house = await openHouse(t, { upstream: { base_url: upstream.baseUrl } })
  for (let time = 1; time <= 3; time += 1) {
    const answer = await ask(house.chatUrl, { body })
    await answer.until('"stop"')
    leftAt = performance.now()
    answer.abort()
    await eventually(() => waits[time - 1])
    assert.equal((await house.row(answer.headers['x-request-id'])).usage_source, 'bound')
  }
  // The best of a few runs, since the machine may be busy.
  assert.ok(Math.min(...waits) < 150, `${waits} ms`)
})

// While it was heard out, the upstream's break was taken for the reason the answer ended, and a warning blamed it.
test('an upstream that breaks off after the client has left was left, not broken', async (t) => {
  const left = Promise.withResolvers<void>()
  const upstream = await startWritten(t, async (response) => {
    const said = frame({ choices: [{ index: 0, text: 'Hello', finish_reason: 'stop' }] })
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(said)
    await left.promise
    await setTimeout(20)
    response.destroy()
  })
  const house = await openHouse(t, {
    upstream: { base_url: upstream.baseUrl },
    team: { endpoints: ['completions'] },
  })
  const gone = nextClientGone()
  const answer = await ask(`${house.baseUrl}/completions`, {
    body: { model: 'gpt-3.5-turbo-instruct', prompt: 'Say hello', max_tokens: 400, stream: true },
  })
  await answer.until('"stop"')
  answer.abort()
  void gone.then(() => left.resolve())
  const row = await house.row(answer.headers['x-request-id'])
  assert.deepEqual([row.outcome, row.error_code], ['client_left', 'client_left'])
})
