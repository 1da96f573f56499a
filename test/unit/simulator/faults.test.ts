import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import OpenAI from 'openai'
import type { Simulator } from '../../../src/simulator/server.ts'
import { ask, askWhole, payloads, type RawAnswer } from '../../support/client.ts'
import { startUpstream } from '../../support/simulator-upstream.ts'

const QUESTION = 'What is the capital of Australia?'

function body(wish: string, stream = true): object {
  return { model: 'gpt-4o', stream, messages: [{ role: 'user', content: `${QUESTION} [[sim:${wish}]]` }] }
}

async function wished(
  test: TestContext,
  wish: string,
  stream = true,
): Promise<{ simulator: Simulator; answer: RawAnswer }> {
  const simulator = await startUpstream(test)
  const answer = await ask(`${simulator.baseUrl}/chat/completions`, { body: body(wish, stream) })
  return { simulator, answer }
}

const STATUSES = [
  ['status code=429 retry_after_ms=5', OpenAI.RateLimitError, 429],
  ['status code=500', OpenAI.InternalServerError, 500],
  ['status code=503', OpenAI.InternalServerError, 503],
  ['status code=529', OpenAI.InternalServerError, 529],
  ['html', OpenAI.InternalServerError, 502],
  ['model_not_found', OpenAI.NotFoundError, 404],
] as const
for (const [wish, kind, status] of STATUSES) {
  test(`${wish} is raised by the client as a ${status}`, async (t) => {
    const { baseUrl } = await startUpstream(t)
    const client = new OpenAI({ apiKey: 'sk-test', baseURL: baseUrl, maxRetries: 0 })
    const failed = client.post('/chat/completions', { body: body(wish) })
    await assert.rejects(failed, (error) => error instanceof kind && error.status === status)
  })
}

test('a fault with "times" strikes that often, and the client succeeds by retrying', async (t) => {
  const { baseUrl, calls } = await startUpstream(t)
  const client = new OpenAI({ apiKey: 'sk-test', baseURL: baseUrl, maxRetries: 2 })
  await client.post('/chat/completions', { body: body('status code=429 retry_after_ms=1 times=2', false) })
  assert.deepEqual(
    calls.map(({ status }) => status),
    [429, 429, 200],
  )
})

test('a fault for one model leaves the others alone', async (t) => {
  const { answer } = await wished(t, 'model_not_found model=o1-mini')
  assert.equal(answer.status, 200)
  await answer.ended
})

test('a wish in a header works like one in the prompt', async (t) => {
  const { baseUrl } = await startUpstream(t)
  const answer = await ask(`${baseUrl}/chat/completions`, {
    headers: { 'x-simulate': 'status code=503' },
    body: { model: 'gpt-4o', messages: [{ role: 'user', content: QUESTION }] },
  })
  assert.equal(answer.status, 503)
})

test('a wish that cannot be granted gets a 400 that says so', async (t) => {
  const { baseUrl } = await startUpstream(t)
  const answer = await askWhole(`${baseUrl}/chat/completions`, { body: body('reset when=mid_strem') })
  assert.equal(answer.status, 400)
  assert.match(answer.text(), /cannot grant \\"reset when=mid_strem\\"/)
})

test('a script refuses in its own words', async (t) => {
  const error = {
    status: 403,
    message: 'Not here.',
    type: 'invalid_request_error',
    param: null,
    code: 'region',
  }
  const { baseUrl } = await startUpstream(t, { script: () => ({ fault: { kind: 'refuse', error } }) })
  const client = new OpenAI({ apiKey: 'sk-test', baseURL: baseUrl, maxRetries: 0 })
  const failed = client.post('/chat/completions', { body: body('no_done') })
  await assert.rejects(
    failed,
    (raised) => raised instanceof OpenAI.PermissionDeniedError && raised.code === 'region',
  )
})

test('an exception in a script is reported in the answer', async (t) => {
  const script = () => {
    throw new Error('no such act')
  }
  const { baseUrl } = await startUpstream(t, { script })
  const answer = await askWhole(`${baseUrl}/chat/completions`, { body: body('no_done') })
  assert.equal(answer.status, 500)
  assert.match(answer.text(), /The simulator failed: Error: no such act/)
})

test('a reset before the headers gives no answer', async (t) => {
  const { baseUrl } = await startUpstream(t)
  const asked = ask(`${baseUrl}/chat/completions`, { body: body('reset when=before_headers') })
  await assert.rejects(asked, { code: 'ECONNRESET' })
})

for (const stream of [true, false]) {
  for (const when of ['mid_stream', 'mid_frame']) {
    test(`a reset ${when} cuts the answer off after its first bytes (stream: ${stream})`, async (t) => {
      const { answer } = await wished(t, `reset when=${when}`, stream)
      assert.equal(await answer.ended, 'torn')
      assert.ok(answer.text().length > 0)
      assert.equal(answer.text().endsWith('\n\n'), stream && when === 'mid_stream')
    })
  }
  test(`an early end looks clean (stream: ${stream})`, async (t) => {
    const { answer } = await wished(t, 'early_end', stream)
    assert.equal(await answer.ended, 'whole')
    assert.ok(!answer.text().includes('[DONE]') && !answer.text().includes('finish_reason":"stop'))
  })
}

test('a missing [DONE] leaves the rest of the stream as it is', async (t) => {
  const { answer } = await wished(t, 'no_done')
  assert.equal(await answer.ended, 'whole')
  assert.match(payloads(answer.text()).at(-1) ?? '', /"finish_reason":"stop"/)
})

test('an error frame ends the stream', async (t) => {
  const { answer } = await wished(t, 'error_frame')
  assert.equal(await answer.ended, 'whole')
  assert.match(payloads(answer.text()).at(-1) ?? '', /^\{"error":\{"message":/)
})

test('an error in a Responses stream is an event', async (t) => {
  const { baseUrl } = await startUpstream(t, { script: () => ({ fault: { kind: 'error_frame' } }) })
  const request = { model: 'gpt-4o', input: QUESTION, stream: true }
  const answer = await askWhole(`${baseUrl}/responses`, { body: request })
  assert.match(answer.text(), /\n\nevent: error\ndata: \{"type":"error","code":"server_error".*\}\n\n$/)
})

test('invalid JSON is the whole body, or a frame after which the stream falls silent', async (t) => {
  const whole = await wished(t, 'no_json', false)
  assert.equal(await whole.answer.ended, 'whole')
  assert.throws(() => JSON.parse(whole.answer.text()), SyntaxError)
  const { answer } = await wished(t, 'no_json')
  await answer.until('oops\n\n')
  answer.abort()
})

for (const stream of [true, false]) {
  test(`a compressed answer can be decompressed (stream: ${stream})`, async (t) => {
    const { answer } = await wished(t, 'gzip', stream)
    await answer.ended
    assert.equal(answer.headers['content-encoding'], 'gzip')
    const packed = Buffer.concat(answer.arrivals.map(({ bytes }) => bytes))
    assert.match(gunzipSync(packed).toString(), /Canberra/)
  })
}

test('an error page of an edge names its status', async (t) => {
  const { answer } = await wished(t, 'html code=524')
  await answer.ended
  assert.equal(answer.status, 524)
  assert.match(answer.text(), /^<html>.*524 A timeout occurred/s)
})

test('a withheld answer is billed for its prompt only', async (t) => {
  const simulator = await startUpstream(t)
  const client = new OpenAI({ apiKey: 'sk-test', baseURL: simulator.baseUrl, maxRetries: 0 })
  const chat = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: QUESTION }] }
  simulator.follow(() => ({ withheld: 'filtered' }))
  const filtered = await client.chat.completions.create(chat)
  assert.deepEqual(
    [filtered.choices[0]?.finish_reason, filtered.usage?.completion_tokens],
    ['content_filter', 0],
  )
  const cut = await client.responses.create({ model: 'gpt-4o', input: QUESTION })
  assert.deepEqual([cut.status, cut.incomplete_details], ['incomplete', { reason: 'content_filter' }])
  simulator.follow(() => ({ withheld: 'unsaid' }))
  assert.deepEqual((await client.chat.completions.create(chat)).choices, [])
})

test('a pause in the middle of a frame lasts until it is released', async (t) => {
  const { simulator, answer } = await wished(t, 'pause when=mid_frame')
  await answer.until('Canberra')
  await setTimeout(20)
  assert.ok(!answer.text().endsWith('\n\n'))
  simulator.release()
  assert.equal(await answer.ended, 'whole')
  assert.equal(payloads(answer.text()).at(-1), '[DONE]')
})

test('a stream paused at every frame advances one frame with each release', async (t) => {
  const { simulator, answer } = await wished(t, 'pause when=every_frame')
  assert.equal(answer.text(), '')
  simulator.release()
  await answer.until('\n\n')
  simulator.release()
  await answer.until('Canberra')
  assert.equal(payloads(answer.text()).length, 2)
  answer.abort()
})

const STALLS = [
  ['after_headers', ''],
  ['mid_stream', 'Canberra'],
] as const
for (const [when, seen] of STALLS) {
  test(`a stall ${when} lasts until the client leaves, which is recorded`, async (t) => {
    const { simulator, answer } = await wished(t, `stall when=${when}`)
    await answer.until(seen)
    assert.equal(simulator.calls[0]?.ending, undefined)
    answer.abort()
    await simulator.idle()
    assert.equal(simulator.calls[0]?.ending, 'client_left')
    assert.ok((simulator.calls[0]?.abortedAt ?? 0) > (simulator.calls[0]?.startedAt ?? 0))
  })
}

test('a stall before the headers gives no answer until the client gives up', async (t) => {
  const { baseUrl } = await startUpstream(t)
  const client = new OpenAI({ apiKey: 'sk-test', baseURL: baseUrl, maxRetries: 0, timeout: 50 })
  const stalled = client.post('/chat/completions', { body: body('stall when=before_headers') })
  await assert.rejects(stalled, OpenAI.APIConnectionTimeoutError)
})

test('a drip arrives in small pieces over time', async (t) => {
  const { answer } = await wished(t, 'drip ms=1 bytes=100')
  await answer.ended
  assert.ok(answer.arrivals.every(({ bytes }) => bytes.length <= 200))
  assert.equal(payloads(answer.text()).at(-1), '[DONE]')
})

test('a giant answer is as long as wished', async (t) => {
  const { baseUrl } = await startUpstream(t)
  const asked = { body: body('giant bytes=3000000', false) }
  const answer = await askWhole(`${baseUrl}/chat/completions`, asked)
  const { choices } = JSON.parse(answer.text())
  assert.equal(choices[0].message.content.length, 3_000_000)
})

test('a script determines answer and fault, and can be replaced', async (t) => {
  const simulator = await startUpstream(t, { script: () => ({ answer: 'Forty-two.' }) })
  const url = `${simulator.baseUrl}/chat/completions`
  const request = { model: 'gpt-4o', messages: [{ role: 'user', content: QUESTION }] }
  assert.match((await askWhole(url, { body: request })).text(), /"content": "Forty-two\."/)
  simulator.follow(({ model }) => (model === 'gpt-4o' ? { fault: { kind: 'status', code: 500 } } : undefined))
  assert.equal((await askWhole(url, { body: request })).status, 500)
  assert.equal((await askWhole(url, { body: { ...request, model: 'gpt-4o-mini' } })).status, 200)
})
