import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { createServer } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { openHouse } from '../support/house.ts'
import { chatBody, frame, startWritten, writeStream } from '../support/written-upstream.ts'

// Tests the section of docs/faults.md with this title.

interface Heard {
  readonly response: IncomingMessage
  readonly bytes: Buffer
}

async function send(url: string, body: object): Promise<Heard> {
  const headers = { authorization: 'Bearer sk-test', 'content-type': 'application/json' }
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent: false, headers }, resolve)
    sent.once('error', reject).end(JSON.stringify(body))
  })
  return { response, bytes: await buffer(response) }
}

const ANSWER = '{"model":"gpt-4o",  "choices":[],"usage":{"prompt_tokens":9,"completion_tokens":4}}'

/** An answer with everything a client that looks closely could notice. */
const WIRE = [
  'HTTP/1.1 103 Early Hints',
  'Link: </style.css>',
  '',
  'HTTP/1.1 200 Very Well',
  'X-Zeta: last',
  'Content-Type: application/json',
  'Set-Cookie: __cf_bm=1',
  'X-Request-ID: req_1',
  'X-Many: a',
  'X-Alpha: first',
  'x-many: b',
  'Trailer: X-Sum',
  'Transfer-Encoding: chunked',
  '',
  ANSWER.length.toString(16),
  ANSWER,
  '0',
  'X-Sum: 13',
  '',
  '',
].join('\r\n')

async function startWire(test: TestContext): Promise<string> {
  const server = createServer((socket) => {
    let heard = ''
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      heard += chunk
      if (heard.endsWith('}')) socket.write(WIRE)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  test.after(() => server.close())
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/v1`
}

test('the body is identical, while headers, trailers and reason phrase differ as documented', async (t) => {
  const baseUrl = await startWire(t)
  const house = await openHouse(t, { upstream: { base_url: baseUrl } })
  const direct = await send(`${baseUrl}/chat/completions`, chatBody())
  const through = await send(house.chatUrl, chatBody())
  assert.deepEqual(through.bytes, direct.bytes)
  assert.equal(direct.response.statusMessage, 'Very Well')
  assert.equal(through.response.statusMessage, 'OK')
  assert.deepEqual(direct.response.rawTrailers, ['X-Sum', '13'])
  assert.deepEqual(through.response.rawTrailers, [])
  const names = through.response.rawHeaders.filter((_, index) => index % 2 === 0)
  const upstreams = ['x-zeta', 'content-type', 'x-many', 'x-alpha', 'x-upstream-request-id']
  const [ours, theirs] = [names.slice(0, names.indexOf('x-zeta')), names.slice(names.indexOf('x-zeta'))]
  assert.ok(ours.every((name) => name === 'x-request-id' || name.startsWith('x-trivium-')))
  assert.deepEqual(theirs.slice(0, upstreams.length + 1), [...upstreams, 'content-length'])
  assert.deepEqual(
    theirs
      .slice(upstreams.length + 1)
      .map((name) => name.toLowerCase())
      .sort(),
    ['connection', 'date'],
  )
  assert.deepEqual(
    [through.response.headers['x-many'], through.response.headers['x-upstream-request-id']],
    ['a, b', 'req_1'],
  )
})

const CHAT = [
  frame({ choices: [{ index: 0, delta: { content: 'é中🙂' }, finish_reason: null }], usage: null }),
  ': a comment\n\nid: 7\nretry: 10\n\n',
  frame({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], usage: null }),
  frame({ choices: [], usage: { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 } }),
  'data: [DONE]\n\n',
].join('')

const RESPONSE = {
  id: 'resp_1',
  model: 'gpt-4o',
  usage: { input_tokens: 9, output_tokens: 4, total_tokens: 13 },
}
const RESPONSES = [
  `event: response.created\ndata: ${JSON.stringify({ type: 'response.created', response: RESPONSE })}\n\n`,
  'event: response.something.new\ndata:{"type" : "response.something.new","x":"é中🙂"}\n\n',
  ': a comment\n\n',
  `event: response.completed\ndata: ${JSON.stringify({ type: 'response.completed', response: RESPONSE })}\n\n`,
].join('')

const STREAMS = [
  ['/chat/completions', CHAT, chatBody({ stream: true, stream_options: { include_usage: true } })],
  ['/responses', RESPONSES, { model: 'trivium/pin:gpt-4o', input: 'Hello', stream: true }],
] as const

for (const [path, stream, body] of STREAMS) {
  test(`a stream of ${path} is the upstream’s byte for byte, however it is split`, async (t) => {
    const sizes = [[1], [3, 700], [100_000]]
    const upstream = await startWritten(t, (response, index) =>
      writeStream(response, stream, sizes[Math.floor(index / 2)] ?? [1]),
    )
    const house = await openHouse(t, { upstream: { base_url: upstream.baseUrl } })
    for (const size of sizes) {
      const direct = await send(upstream.baseUrl + path, body)
      const through = await send(house.baseUrl + path, body)
      assert.equal(through.bytes.toString(), direct.bytes.toString(), `in pieces of ${size}`)
      const row = await house.row(through.response.headers['x-request-id'])
      assert.deepEqual([row.outcome, row.usage_source, row.output_tokens], ['ok', 'reported', 4])
    }
  })
}
