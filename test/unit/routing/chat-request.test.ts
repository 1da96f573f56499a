import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { Worker } from 'node:worker_threads'
import { type Failure, failureOf } from '../../../src/base/failure.ts'
import { readChatRequest } from '../../../src/routing/chat-request.ts'

const messages = [{ role: 'user', content: 'hi' }]

function refusal(body: Buffer | object): Failure {
  try {
    readChatRequest(Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body)))
  } catch (thrown) {
    return failureOf(thrown)
  }
  return assert.fail('the body was accepted')
}

test('bytes that are not a JSON object are refused as invalid JSON', () => {
  const bodies: [string, Buffer, RegExp][] = [
    ['nothing', Buffer.alloc(0), /empty/],
    ['broken UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), /UTF-8/],
    ['an encoded surrogate', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), /UTF-8/],
    ['a byte order mark', Buffer.from('\ufeff{}'), /byte order mark/],
    ['half an object', Buffer.from('{"model":"x"'), /JSON/],
    ['a trailing comma', Buffer.from('{"model":"x",}'), /JSON/],
    ['a list', Buffer.from('[]'), /not an object/],
    ['null', Buffer.from('null'), /not an object/],
    ['a string', Buffer.from('"hi"'), /not an object/],
  ]
  for (const [name, body, detail] of bodies) {
    const failure = refusal(body)
    assert.equal(failure.code, 'invalid_json', name)
    assert.match(failure.code === 'invalid_json' ? failure.detail : '', detail, name)
  }
})

test('a refusal names the field that has the wrong shape', () => {
  const model = 'auto'
  const wrong: [string, object][] = [
    ['model', { messages }],
    ['model', { model: null, messages }],
    ['model', { model: 4, messages }],
    ['model', { model: '', messages }],
    ['messages', { model }],
    ['messages', { model, messages: null }],
    ['messages', { model, messages: [] }],
    ['messages', { model, messages: 'hi' }],
    ['messages[0]', { model, messages: ['hi'] }],
    ['messages[1].role', { model, messages: [...messages, { content: 'hi' }] }],
    ['messages[0].role', { model, messages: [{ role: 7, content: 'hi' }] }],
    ['messages[0].content', { model, messages: [{ role: 'user', content: 7 }] }],
    ['messages[0].content[0].type', { model, messages: [{ role: 'user', content: [{ text: 'hi' }] }] }],
    ['stream', { model, messages, stream: 'yes' }],
    ['stream_options', { model, messages, stream_options: [] }],
    ['stream_options.include_usage', { model, messages, stream_options: { include_usage: 1 } }],
    ['max_tokens', { model, messages, max_tokens: -1 }],
    ['max_tokens', { model, messages, max_tokens: 1.5 }],
    ['max_tokens', { model, messages, max_tokens: '5' }],
    ['max_completion_tokens', { model, messages, max_completion_tokens: 1e30 }],
    ['n', { model, messages, n: 0 }],
    ['n', { model, messages, n: 129 }],
    ['n', { model, messages, n: 1.5 }],
    ['temperature', { model, messages, temperature: 'hot' }],
    ['stop', { model, messages, stop: 5 }],
    ['stop[0]', { model, messages, stop: [5] }],
    ['tools', { model, messages, tools: {} }],
    ['response_format.type', { model, messages, response_format: {} }],
    ['logit_bias', { model, messages, logit_bias: 3 }],
    ['modalities[0]', { model, messages, modalities: [1] }],
  ]
  for (const [param, body] of wrong) {
    const failure = refusal(body)
    assert.equal(failure.code, 'invalid_request', JSON.stringify(body))
    assert.equal(failure.code === 'invalid_request' && failure.param, param, JSON.stringify(body))
    assert.ok(failure.code === 'invalid_request' && failure.detail.includes(param))
  }
})

test('a refusal is a readable sentence', () => {
  const detail = (body: object) => {
    const failure = refusal(body)
    return failure.code === 'invalid_request' ? failure.detail : failure.code
  }
  const model = 'auto'
  assert.equal(detail({ messages }), `'model' is missing (string expected); name a model, or use "auto"`)
  assert.equal(detail({ model }), "'messages' is missing (array expected)")
  assert.equal(detail({ model, messages: [] }), "'messages' must not be empty")
  assert.equal(detail({ model, messages, n: 129 }), "'n' must be at most 128")
  assert.equal(detail({ model, messages, max_tokens: -5 }), "'max_tokens' must be at least 0")
  assert.equal(detail({ model, messages, max_tokens: 1.5 }), "'max_tokens' must be of type whole number")
  assert.equal(detail({ model, messages, stream: 1 }), "'stream' must be of type boolean")
  assert.equal(detail({ model, messages, stop: 1 }), "'stop' must be a string or a list of strings")
})

test('a cap too large to be finite is refused', () => {
  const failure = refusal(Buffer.from('{"model":"auto","messages":[{"role":"user"}],"max_tokens":1e400}'))
  assert.equal(failure.code === 'invalid_request' && failure.param, 'max_tokens')
})

test('null counts as absent for every optional field', () => {
  const nothing = Object.fromEntries(
    [
      ...['stream', 'stream_options', 'max_tokens', 'max_completion_tokens', 'n', 'temperature', 'top_p'],
      ...['presence_penalty', 'frequency_penalty', 'stop', 'tools', 'tool_choice', 'parallel_tool_calls'],
      ...['functions', 'function_call', 'response_format', 'logprobs', 'top_logprobs', 'logit_bias'],
      ...['modalities', 'audio', 'prediction', 'reasoning_effort', 'web_search_options'],
    ].map((field) => [field, null]),
  )
  const body = { model: 'auto', messages: [{ role: 'assistant', content: null }], ...nothing }
  assert.equal(readChatRequest(Buffer.from(JSON.stringify(body))).model, 'auto')
})

test('unknown fields, roles and parts are let through', () => {
  const body = {
    model: 'auto',
    messages: [{ role: 'narrator', content: [{ type: 'hologram', x: 1 }], name: 'n' }],
    seed: 1,
    whatever: { deep: [1] },
  }
  assert.equal(readChatRequest(Buffer.from(JSON.stringify(body))).messages[0]?.role, 'narrator')
})

test('keys that name a prototype have no effect', () => {
  const body = Buffer.from(
    '{"__proto__":{"stream":true,"n":5},"constructor":1,"model":"auto","messages":[{"__proto__":{"role":"system"},"role":"user"}]}',
  )
  const request = readChatRequest(body)
  assert.equal(request.stream, undefined)
  assert.equal(request.n, undefined)
  assert.equal(request.messages[0]?.role, 'user')
  assert.equal(Reflect.get({}, 'stream'), undefined)
})

test('fields that are not read may nest 100,000 levels deep', () => {
  const deep = '['.repeat(100_000) + ']'.repeat(100_000)
  const parts = `[{"type":"text","text":"hi","x":${deep}}]`
  const body = `{"model":"auto","messages":[{"role":"user","content":${parts}}],"metadata":${deep},"tool_choice":${deep}}`
  assert.equal(readChatRequest(Buffer.from(body)).model, 'auto')
})

// Reporting every fault would take a kilobyte each and block all other requests meanwhile.
test('a body full of faults is refused at the first, in little memory', async () => {
  const module = new URL('../../../src/routing/chat-request.ts', import.meta.url).href
  const code = `
    import { readChatRequest } from ${JSON.stringify(module)}
    import { parentPort } from 'node:worker_threads'
    const faults = '1,'.repeat(450_000) + '1'
    for (const [field, body] of Object.entries({
      messages: \`{"model":"auto","messages":[\${faults}]}\`,
      stop: \`{"model":"auto","messages":[{"role":"user"}],"stop":[\${faults}]}\`,
      content: \`{"model":"auto","messages":[{"role":"user","content":[\${faults}]}]}\`,
    })) {
      try {
        readChatRequest(Buffer.from(body))
      } catch ({ failure }) {
        parentPort.postMessage(failure.param)
      }
    }`
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), {
    resourceLimits: { maxOldGenerationSizeMb: 64 },
  })
  const params: unknown[] = []
  worker.on('message', (param) => params.push(param))
  await once(worker, 'exit')
  assert.deepEqual(params, ['messages[0]', 'stop[0]', 'messages[0].content[0]'])
})
