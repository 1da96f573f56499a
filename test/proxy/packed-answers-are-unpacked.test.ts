import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { brotliCompressSync, createGzip, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { ask, askWhole } from '../support/client.ts'
import { openHouse } from '../support/house.ts'
import { chatBody, frame, startWritten } from '../support/written-upstream.ts'

// Trivium asks for no compression, because an answer has to be read to be metered. Some upstreams compress anyway.

const USAGE = { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 }
const ANSWER = JSON.stringify({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  model: 'gpt-4o-2024-08-06',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hé 中🙂' }, finish_reason: 'stop' }],
  usage: USAGE,
})
const FRAMES = [
  frame({ choices: [{ index: 0, delta: { content: 'Hé' }, finish_reason: null }] }),
  frame({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
  frame({ choices: [], usage: USAGE }),
  'data: [DONE]\n\n',
]

const PACKED = [
  ['gzip', gzipSync],
  ['x-gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
  ['zstd', zstdCompressSync],
] as const

test(`answers in ${PACKED.map(([name]) => name)} are decompressed, metered and passed on`, async (t) => {
  const upstream = await startWritten(t, (response, index) => {
    const [encoding, pack] = PACKED[index] ?? PACKED[0]
    const headers = { 'content-type': 'application/json', 'content-encoding': encoding }
    response.writeHead(200, headers).end(pack(Buffer.from(ANSWER)))
  })
  const house = await openHouse(t, { upstream: { base_url: upstream.baseUrl } })
  for (const [encoding] of PACKED) {
    const answer = await askWhole(house.chatUrl, { body: chatBody() })
    assert.equal(answer.headers['content-encoding'], undefined)
    assert.equal(answer.text(), ANSWER, encoding)
    const row = await house.row(answer.headers['x-request-id'])
    assert.deepEqual([row.usage_source, row.input_tokens, row.output_tokens], ['reported', 9, 4])
  }
})

test('a compressed stream is passed on frame by frame as it comes', async (t) => {
  const next: (() => void)[] = []
  const upstream = await startWritten(t, async (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' })
    const gzip = createGzip()
    gzip.pipe(response)
    for (const each of FRAMES) {
      gzip.write(each)
      gzip.flush()
      await new Promise<void>((resolve) => next.push(resolve))
    }
    gzip.end()
  })
  const house = await openHouse(t, { upstream: { base_url: upstream.baseUrl } })
  const answer = await ask(house.chatUrl, { body: chatBody({ stream: true }) })
  await answer.until('Hé')
  assert.doesNotMatch(answer.text(), /stop/)
  next.shift()?.()
  await answer.until('"stop"')
  for (let rest = 0; rest < 3; rest += 1) {
    while (next.length === 0) await setTimeout(1)
    next.shift()?.()
  }
  assert.equal(await answer.ended, 'whole')
  assert.equal(answer.text(), [...FRAMES.slice(0, 2), ...FRAMES.slice(3)].join(''))
  assert.equal((await house.row(answer.headers['x-request-id'])).usage_source, 'reported')
})

test('a client that pauses gets all of a compressed stream', async (t) => {
  const words = frame({ choices: [{ index: 0, delta: { content: 'all work '.repeat(100) } }] })
  const plain = words.repeat(5_000) + FRAMES.slice(1).join('')
  const upstream = await startWritten(t, (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' })
    response.end(gzipSync(plain))
  })
  const house = await openHouse(t, { upstream: { base_url: upstream.baseUrl } })
  const body = chatBody({ stream: true, stream_options: { include_usage: true } })
  const answer = await ask(house.chatUrl, { body })
  answer.pause()
  await setTimeout(200)
  answer.resume()
  assert.equal(await answer.ended, 'whole')
  assert.ok(answer.text() === plain)
})

// What had arrived and was still being decompressed used to be discarded when the client left, and was paid
// by nobody.
test('a client that leaves pays for all of a compressed stream that had arrived, decompressed or not', async (t) => {
  const tokens = 8_000
  const word = frame({ choices: [{ index: 0, delta: { content: ' house' } }], obfuscation: 'x'.repeat(200) })
  const upstream = await startWritten(t, (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': 'zstd' })
    response.write(zstdCompressSync(word.repeat(tokens)))
  })
  const house = await openHouse(t, { upstream: { base_url: upstream.baseUrl } })
  const answer = await ask(house.chatUrl, { body: chatBody({ stream: true }) })
  answer.abort()
  const row = await house.row(answer.headers['x-request-id'])
  assert.equal(row.outcome, 'client_left')
  // Where it takes too long to decompress, it costs its bound, which has no tokens.
  assert.ok((row.output_tokens ?? tokens) >= tokens, `${row.output_tokens} of ${tokens} tokens`)
})

// Its limits used to end with its last compressed byte. Whoever then stopped reading kept a slot and its
// money for good.
test('a compressed stream whose client stops reading ends at the total limit, like any other', async (t) => {
  const words = frame({ choices: [{ index: 0, delta: { content: 'all work '.repeat(1_000) } }] })
  const upstream = await startWritten(t, (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': 'zstd' })
    response.end(zstdCompressSync(words.repeat(2_000)))
  })
  const house = await openHouse(t, {
    upstream: { base_url: upstream.baseUrl, timeouts: { total: '300ms' } },
  })
  const answer = await ask(house.chatUrl, { body: chatBody({ stream: true }) })
  answer.pause()
  const row = await house.row(answer.headers['x-request-id'])
  assert.deepEqual([row.outcome, row.error_code], ['broken', 'upstream_timeout'])
})

for (const stream of [false, true]) {
  test(`a truncated compressed answer counts as broken (stream: ${stream})`, async (t) => {
    const packed = gzipSync(stream ? (FRAMES[0] ?? '') : ANSWER)
    const upstream = await startWritten(t, (response) => {
      const type = stream ? 'text/event-stream' : 'application/json'
      response.writeHead(200, { 'content-type': type, 'content-encoding': 'gzip' })
      response.end(packed.subarray(0, packed.length - 9))
    })
    const house = await openHouse(t, { upstream: { base_url: upstream.baseUrl } })
    const answer = await askWhole(house.chatUrl, { body: chatBody({ stream }) })
    assert.equal(answer.status, stream ? 200 : 502)
    assert.match(answer.text(), /upstream_broken/)
    const row = await house.row(answer.headers['x-request-id'])
    assert.equal(row.error_code, 'upstream_broken')
    assert.ok((row.cost_nusd ?? 0) > 0)
  })
}

test('a truncated answer that says it is not compressed counts as broken, too', async (t) => {
  const upstream = await startWritten(t, (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'identity' })
    response.end(ANSWER.slice(0, -9))
  })
  const house = await openHouse(t, { upstream: { base_url: upstream.baseUrl } })
  const answer = await askWhole(house.chatUrl, { body: chatBody() })
  assert.equal(answer.status, 502)
  const row = await house.row(answer.headers['x-request-id'])
  assert.deepEqual([row.outcome, row.error_code], ['upstream_error', 'upstream_broken'])
})

test('a compressed error is decompressed and acted on', async (t) => {
  const error = { message: 'The model `gpt-4o-mini` does not exist', type: 'x', code: 'model_not_found' }
  const upstream = await startWritten(t, (response, index) => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' }
    response.writeHead(index === 0 ? 404 : 200, headers)
    response.end(gzipSync(index === 0 ? JSON.stringify({ error }) : ANSWER))
  })
  const house = await openHouse(t, { upstream: { base_url: upstream.baseUrl } })
  const answer = await askWhole(house.chatUrl, { body: chatBody({ model: 'trivium/factual_recall' }) })
  assert.deepEqual([answer.status, answer.headers['x-trivium-model']], [200, 'gpt-4o'])
})

test('an answer in an unknown content-encoding is passed on as it is', async (t) => {
  const bytes = 'eJx neither this nor that'
  const upstream = await startWritten(t, (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'compress' }).end(bytes)
  })
  const house = await openHouse(t, { upstream: { base_url: upstream.baseUrl } })
  const answer = await ask(house.chatUrl, { body: chatBody() })
  await answer.ended
  assert.deepEqual([answer.headers['content-encoding'], answer.text()], ['compress', bytes])
})
