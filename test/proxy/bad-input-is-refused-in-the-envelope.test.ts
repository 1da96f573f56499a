import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, afterEach, test } from 'node:test'
import { z } from 'zod'
import { type Ask, askWhole } from '../support/client.ts'
import { keyEntry, openHouse } from '../support/house.ts'

const house = await openHouse(
  { after },
  {
    settings: { server: { listen: '127.0.0.1:0', admin: '127.0.0.1:0', max_body: '4KB', drain: '200ms' } },
    team: {
      keys: [keyEntry('sk-test'), keyEntry('sk-old', { expires: '2020-01-01' })],
      models: ['gpt-4o', 'gpt-4o-mini'],
      endpoints: ['chat'],
    },
  },
)
const MESSAGES = [{ role: 'user', content: 'Hello' }]

/** OpenAI's error envelope: all four keys are always present. */
const Envelope = z.strictObject({
  error: z.strictObject({
    message: z.string().min(10),
    type: z.string(),
    param: z.string().nullable(),
    code: z.string(),
  }),
})

interface Case {
  readonly name: string
  readonly path?: string
  readonly ask: Ask
  readonly status: number
  readonly code: string
  readonly param?: string
}

function body(name: string, fields: object, param: string): Case {
  const ask = { body: { model: 'gpt-4o', messages: MESSAGES, ...fields } }
  return { name, ask, status: 400, code: 'invalid_request', param }
}

function bytes(name: string, text: string | Buffer): Case {
  return { name, ask: { body: text }, status: 400, code: 'invalid_json' }
}

function keyed(name: string, headers: Readonly<Record<string, string>>): Case {
  const ask = { body: { model: 'gpt-4o', messages: MESSAGES }, headers }
  return { name, ask, status: 401, code: 'invalid_api_key' }
}

const CASES: readonly Case[] = [
  bytes('malformed JSON', '{"model": "gpt-4o", "messages": ['),
  bytes('an empty body', ''),
  bytes('JSON that is no object', '[1, 2]'),
  bytes('null', 'null'),
  bytes('a byte order mark', '\ufeff{"model":"gpt-4o","messages":[{"role":"user","content":"hi"}]}'),
  bytes(
    'invalid UTF-8',
    Buffer.concat([
      Buffer.from('{"model":"gpt-4o","messages":[{"role":"user","content":"'),
      Buffer.from([0xc3, 0x28, 0xff]),
      Buffer.from('"}]}'),
    ]),
  ),
  bytes('JSON nested beyond reason', `{"model":"gpt-4o","messages":${'['.repeat(1500)}`),
  body('no model', { model: undefined }, 'model'),
  body('an empty model', { model: '' }, 'model'),
  body('a model that is a number', { model: 7 }, 'model'),
  body('no messages', { messages: undefined }, 'messages'),
  body('empty messages', { messages: [] }, 'messages'),
  body('messages that are a text', { messages: 'Hello' }, 'messages'),
  body('a message that is null', { messages: [null] }, 'messages[0]'),
  body('a message without a role', { messages: [{ content: 'Hello' }] }, 'messages[0].role'),
  body('content that is a number', { messages: [{ role: 'user', content: 7 }] }, 'messages[0].content'),
  body('stream that is a text', { stream: 'yes' }, 'stream'),
  body('n of nought', { n: 0 }, 'n'),
  body('n beyond reason', { n: 1e9 }, 'n'),
  body('a negative cap', { max_tokens: -1 }, 'max_tokens'),
  body('a cap that is a fraction', { max_completion_tokens: 1.5 }, 'max_completion_tokens'),
  body('tools that are an object', { tools: {} }, 'tools'),
  body('a response format without a type', { response_format: {} }, 'response_format.type'),
  {
    name: 'a body over the limit',
    ask: { body: { model: 'gpt-4o', messages: [{ role: 'user', content: 'x'.repeat(5000) }] } },
    status: 413,
    code: 'body_too_large',
  },
  keyed('no key', { authorization: '' }),
  keyed('a key of another scheme', { authorization: 'Basic sk-test' }),
  keyed('an unknown key', { authorization: 'Bearer sk-nobody' }),
  keyed('an expired key', { authorization: 'Bearer sk-old' }),
  {
    name: 'a pin of an unknown model',
    ask: { body: { model: 'trivium/pin:gpt-nought', messages: MESSAGES } },
    status: 404,
    code: 'model_not_found',
    param: 'model',
  },
  {
    name: 'a pin of a model that is not the team’s',
    ask: { body: { model: 'gpt-4o', messages: MESSAGES }, headers: { 'x-trivium-route': 'o1-mini' } },
    status: 404,
    code: 'model_not_found',
    param: 'model',
  },
  {
    name: 'an unknown class',
    ask: { body: { model: 'trivium/astrology', messages: MESSAGES } },
    status: 404,
    code: 'model_not_found',
    param: 'model',
  },
  { name: 'an unknown path', path: '/v1/chat/complete', ask: { body: {} }, status: 404, code: 'unknown_url' },
  {
    name: 'a path that is badly encoded',
    path: '/v1/%zz',
    ask: { body: {} },
    status: 400,
    code: 'invalid_request',
  },
  {
    name: 'a method the path does not take',
    ask: { method: 'PUT', body: {} },
    status: 405,
    code: 'method_not_allowed',
  },
  {
    name: 'an endpoint the team may not use',
    path: '/v1/models',
    ask: { method: 'GET' },
    status: 403,
    code: 'endpoint_not_allowed',
  },
]

afterEach(async () => {
  const answer = await askWhole(house.chatUrl, { body: { model: 'gpt-4o', messages: MESSAGES } })
  assert.equal(answer.status, 200, 'the proxy does not serve any more')
  house.simulator.reset()
})

for (const { name, path = '/v1/chat/completions', ask, status, code, param } of CASES) {
  test(`${name} is refused with ${status} ${code}`, async () => {
    const answer = await askWhole(new URL(path, house.chatUrl).href, ask)
    assert.equal(answer.status, status, answer.text())
    const { error } = Envelope.parse(answer.json)
    assert.equal(error.code, code)
    assert.equal(error.param, param ?? null)
    assert.match(String(answer.headers['x-request-id']), /^req_/)
    assert.equal(house.simulator.calls.length, 0)
  })
}

for (const [name, sent] of [
  ['bytes that are no HTTP', 'EHLO mail.example.org\r\n\r\n'],
  ['a TLS greeting', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  [
    'two lengths',
    'POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}',
  ],
] as const) {
  test(`${name} is answered with 400, and the connection is closed`, async () => {
    const { hostname, port } = new URL(house.baseUrl)
    const socket = connect(Number(port), hostname)
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk
    })
    socket.write(sent, 'latin1')
    await once(socket, 'close')
    const [head, json] = text.split('\r\n\r\n')
    assert.match(head ?? '', /^HTTP\/1\.1 400 /)
    assert.match(head ?? '', /x-request-id: req_/)
    assert.equal(Envelope.parse(JSON.parse(json ?? '')).error.code, 'invalid_request')
  })
}

test('a body shorter than its content-length reaches no upstream', async () => {
  const { hostname, port } = new URL(house.baseUrl)
  const socket = connect(Number(port), hostname)
  socket.write('POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"model"')
  socket.end()
  socket.resume()
  await once(socket, 'close')
  assert.equal(house.simulator.calls.length, 0)
})
