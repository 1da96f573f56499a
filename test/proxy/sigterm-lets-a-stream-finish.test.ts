import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, askWhole, payloads } from '../support/client.ts'
import { eventually } from '../support/eventually.ts'
import { type HouseOptions, prepareHouse, readRows } from '../support/house.ts'
import { clientOf } from '../support/openai-majors.ts'
import { listening, startServe } from '../support/served-process.ts'
import { chatBody } from '../support/written-upstream.ts'

function drainAfter(drain: string): HouseOptions {
  return { settings: { server: { listen: '127.0.0.1:0', admin: '127.0.0.1:0', drain } } }
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`on ${signal} new requests are refused, streams in flight finish, and the exit code is 0`, async (t) => {
    const { config, database, simulator, close } = await prepareHouse(drainAfter('30s'))
    t.after(close)
    const served = startServe(t, ['--config', config])
    const chatUrl = `${await listening(served)}/chat/completions`
    simulator.follow(() => ({ fault: { kind: 'pause', when: 'mid_frame' } }))
    const stream = await ask(chatUrl, { body: chatBody({ stream: true }) })
    served.child.kill(signal)
    await eventually(() => (served.printed.stderr.includes('in flight') ? true : undefined))
    // Until the listener is closed a request may still be answered with `draining`.
    const late = await askWhole(chatUrl, { body: chatBody() }).then(
      ({ status }) => status,
      (error: NodeJS.ErrnoException) => error.code,
    )
    assert.ok(late === 503 || late === 'ECONNREFUSED' || late === 'ECONNRESET', String(late))
    simulator.release()
    assert.equal(await stream.ended, 'whole')
    assert.equal(payloads(stream.text()).at(-1), '[DONE]')
    assert.deepEqual(await served.exited, [0, null])
    const rows = readRows(database)
    assert.deepEqual(
      rows.map(({ outcome, cost_nusd }) => [outcome, cost_nusd]),
      [['ok', simulator.billedNanoUsd()]],
    )
  })
}

test('repeated SIGTERMs do not cut a stream that the first one lets finish', async (t) => {
  const { config, simulator, close } = await prepareHouse(drainAfter('30s'))
  t.after(close)
  const served = startServe(t, ['--config', config])
  const chatUrl = `${await listening(served)}/chat/completions`
  simulator.follow(() => ({ fault: { kind: 'pause', when: 'mid_frame' } }))
  const stream = await ask(chatUrl, { body: chatBody({ stream: true }) })
  served.child.kill('SIGTERM')
  await eventually(() => (served.printed.stderr.includes('in flight') ? true : undefined))
  for (let again = 0; again < 3; again += 1) served.child.kill('SIGTERM')
  simulator.release()
  assert.equal(await stream.ended, 'whole')
  assert.deepEqual(await served.exited, [0, null])
})

test('idle connections kept by the official client do not delay the exit', async (t) => {
  const { config, simulator, close } = await prepareHouse(drainAfter('60s'))
  t.after(close)
  const served = startServe(t, ['--config', config])
  const client = clientOf(await listening(served))
  simulator.follow((request) =>
    request.stream ? { fault: { kind: 'pause', when: 'mid_frame' } } : undefined,
  )
  const ask = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: 'Hello' }] }
  await Promise.all([1, 2, 3].map(() => client.chat.completions.create(ask)))
  const stream = await client.chat.completions.create({ ...ask, stream: true })
  served.child.kill('SIGTERM')
  await eventually(() => (served.printed.stderr.includes('in flight') ? true : undefined))
  simulator.release()
  let last: unknown
  for await (const { choices } of stream) last = choices[0]?.finish_reason
  assert.equal(last, 'stop')
  const endedAt = performance.now()
  assert.deepEqual(await served.exited, [0, null])
  assert.ok(performance.now() - endedAt < 3000, 'it waited for connections that were idle')
})

test('a stream that does not end within the drain period is cut, and its row is closed', async (t) => {
  const { config, database, simulator, close } = await prepareHouse(drainAfter('100ms'))
  t.after(close)
  const served = startServe(t, ['--config', config])
  const chatUrl = `${await listening(served)}/chat/completions`
  simulator.follow(() => ({ fault: { kind: 'stall', when: 'mid_stream' } }))
  const stream = await ask(chatUrl, { body: chatBody({ stream: true }) })
  served.child.kill('SIGTERM')
  assert.equal(await stream.ended, 'torn')
  assert.deepEqual(await served.exited, [0, null])
  const [row] = readRows(database)
  assert.ok(row !== undefined && row.outcome !== null)
  assert.ok((row.cost_nusd ?? 0) >= simulator.billedNanoUsd())
})
