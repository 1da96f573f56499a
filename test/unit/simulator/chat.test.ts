import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import OpenAI from 'openai'
import type { SimulatorOptions } from '../../../src/simulator/server.ts'
import { type ask, askWhole, payloads } from '../../support/client.ts'
import { startUpstream } from '../../support/simulator-upstream.ts'

const MESSAGES = [{ role: 'user' as const, content: 'What is the capital of Australia?' }]
const WEATHER = {
  type: 'function' as const,
  function: {
    name: 'get_weather',
    parameters: { type: 'object', properties: { city: { type: 'string' }, unit: { enum: ['celsius'] } } },
  },
}

async function clientOf(test: TestContext, options: SimulatorOptions = {}): Promise<OpenAI> {
  const { baseUrl } = await startUpstream(test, options)
  return new OpenAI({ apiKey: 'sk-test', baseURL: baseUrl, maxRetries: 0 })
}

test('a JSON answer has every field the vendor sends', async (t) => {
  const client = await clientOf(t)
  const { data, response } = await client.chat.completions
    .create({ model: 'gpt-4o', messages: MESSAGES })
    .withResponse()
  assert.equal(data.object, 'chat.completion')
  assert.equal(data.model, 'gpt-4o-2024-08-06')
  assert.equal(data.choices[0]?.finish_reason, 'stop')
  assert.match(data.choices[0]?.message.content ?? '', /Canberra/)
  assert.equal(data.service_tier, 'default')
  assert.match(data.system_fingerprint ?? '', /^fp_/)
  assert.equal(
    data.usage?.total_tokens,
    (data.usage?.prompt_tokens ?? 0) + (data.usage?.completion_tokens ?? 0),
  )
  assert.equal(data.usage?.prompt_tokens_details?.cached_tokens, 0)
  assert.equal(data.usage?.completion_tokens_details?.reasoning_tokens, 0)
  for (const name of [
    'x-request-id',
    'openai-processing-ms',
    'openai-version',
    'x-ratelimit-remaining-tokens',
  ]) {
    assert.ok(response.headers.has(name), name)
  }
})

test('a reasoning model includes reasoning in its completion tokens', async (t) => {
  const client = await clientOf(t)
  const { usage } = await client.chat.completions.create({ model: 'o1-mini', messages: MESSAGES })
  const reasoning = usage?.completion_tokens_details?.reasoning_tokens ?? 0
  assert.ok(reasoning >= 64 && reasoning < (usage?.completion_tokens ?? 0))
})

test('a cap below the reasoning gives an empty answer with finish_reason length', async (t) => {
  const client = await clientOf(t)
  const answer = await client.chat.completions.create({
    model: 'o1-mini',
    messages: MESSAGES,
    max_completion_tokens: 32,
  })
  assert.equal(answer.choices[0]?.message.content, '')
  assert.equal(answer.choices[0]?.finish_reason, 'length')
  assert.equal(answer.usage?.completion_tokens, 32)
})

test('a stream has a role chunk, content, a finish chunk and [DONE], each chunk padded', async (t) => {
  const { baseUrl } = await startUpstream(t)
  const body = { model: 'gpt-4o-mini', messages: MESSAGES, stream: true }
  const answer = await askWhole(`${baseUrl}/chat/completions`, { body })
  assert.equal(answer.headers['content-type'], 'text/event-stream; charset=utf-8')
  const frames = payloads(answer.text())
  assert.equal(frames.at(-1), '[DONE]')
  const parsed = frames.slice(0, -1).map((frame) => JSON.parse(frame))
  assert.deepEqual(parsed[0].choices[0].delta, { role: 'assistant', content: '', refusal: null })
  assert.deepEqual(parsed.at(-1).choices[0], { index: 0, delta: {}, logprobs: null, finish_reason: 'stop' })
  assert.equal(new Set(parsed.map(({ id }) => id)).size, 1)
  assert.ok(parsed.every((chunk) => typeof chunk.obfuscation === 'string' && !('usage' in chunk)))
})

test('include_usage puts usage:null on every chunk and the count on one with no choices', async (t) => {
  const { baseUrl } = await startUpstream(t)
  const body = {
    model: 'gpt-4o-mini',
    messages: MESSAGES,
    stream: true,
    stream_options: { include_usage: true },
  }
  const answer = await askWhole(`${baseUrl}/chat/completions`, { body })
  const parsed = payloads(answer.text())
    .slice(0, -1)
    .map((frame) => JSON.parse(frame))
  const last = parsed.at(-1)
  assert.deepEqual(last.choices, [])
  assert.equal(last.usage.completion_tokens, parsed.length - 3)
  assert.ok(parsed.slice(0, -1).every(({ usage }) => usage === null))
})

test('n answers come as n choices, in JSON and interleaved in a stream', async (t) => {
  const client = await clientOf(t)
  const json = await client.chat.completions.create({ model: 'gpt-4o', messages: MESSAGES, n: 3 })
  assert.deepEqual(
    json.choices.map(({ index }) => index),
    [0, 1, 2],
  )
  const texts = ['', '', '']
  for await (const chunk of await client.chat.completions.create({
    model: 'gpt-4o',
    messages: MESSAGES,
    n: 3,
    stream: true,
  })) {
    for (const { index, delta } of chunk.choices) texts[index] += delta.content ?? ''
  }
  assert.deepEqual(
    texts,
    json.choices.map(({ message }) => message.content),
  )
})

test('a question that a tool can answer leads to a tool call, in JSON and in a stream', async (t) => {
  const client = await clientOf(t)
  const request = {
    model: 'gpt-4o',
    messages: [{ role: 'user' as const, content: 'What is the weather in Lyon?' }],
    tools: [WEATHER],
  }
  const json = await client.chat.completions.create(request)
  const [call] = json.choices[0]?.message.tool_calls ?? []
  assert.ok(call?.type === 'function')
  assert.deepEqual(JSON.parse(call.function.arguments), { city: 'Lyon', unit: 'celsius' })
  assert.equal(json.choices[0]?.finish_reason, 'tool_calls')
  const streamed = await client.chat.completions.stream(request).finalChatCompletion()
  assert.equal(streamed.choices[0]?.message.tool_calls?.[0]?.type, 'function')
  assert.equal(streamed.choices[0]?.finish_reason, 'tool_calls')
})

test('after the tool result, the model answers in words', async (t) => {
  const client = await clientOf(t)
  const call = { id: 'call_1', type: 'function' as const, function: { name: 'get_weather', arguments: '{}' } }
  const answer = await client.chat.completions.create({
    model: 'gpt-4o',
    tools: [WEATHER],
    messages: [
      { role: 'user', content: 'What is the weather in Lyon?' },
      { role: 'assistant', tool_calls: [call] },
      { role: 'tool', tool_call_id: 'call_1', content: '14 °C' },
    ],
  })
  assert.match(answer.choices[0]?.message.content ?? '', /Lyon/)
})

test('a JSON schema is answered with a value it accepts', async (t) => {
  const client = await clientOf(t)
  const schema = {
    type: 'object',
    properties: {
      steps: { type: 'array', items: { $ref: '#/$defs/step' } },
      grade: { type: 'string', enum: ['low', 'high'] },
      note: { anyOf: [{ type: 'null' }, { type: 'string' }] },
    },
    $defs: { step: { type: 'object', properties: { total: { type: 'integer', minimum: 3 } } } },
  }
  const answer = await client.chat.completions.create({
    model: 'gpt-4o',
    messages: MESSAGES,
    response_format: { type: 'json_schema', json_schema: { name: 'plan', schema } },
  })
  const value = JSON.parse(answer.choices[0]?.message.content ?? '')
  assert.deepEqual(value, { steps: [{ total: 3 }], grade: 'low', note: null })
})

test('a long prompt seen before is partly cached', async (t) => {
  const client = await clientOf(t)
  const messages = [{ role: 'user' as const, content: 'a long story about the sea '.repeat(300) }]
  const first = await client.chat.completions.create({ model: 'gpt-4o', messages })
  const second = await client.chat.completions.create({ model: 'gpt-4o', messages })
  const elsewhere = await client.chat.completions.create({ model: 'gpt-4o-mini', messages })
  const cached = second.usage?.prompt_tokens_details?.cached_tokens ?? 0
  assert.equal(first.usage?.prompt_tokens_details?.cached_tokens, 0)
  assert.ok(cached >= 1024 && cached % 128 === 0 && cached <= (second.usage?.prompt_tokens ?? 0))
  assert.equal(elsewhere.usage?.prompt_tokens_details?.cached_tokens, 0)
})

test('the same seed and request give the same answer', async (t) => {
  const clock = { now: () => 1_800_000_000_000, elapsed: () => 0 }
  const texts = await Promise.all(
    [7, 7, 8].map(async (seed) => {
      const { baseUrl } = await startUpstream(t, { seed, clock })
      const body = { model: 'o1-mini', messages: MESSAGES, stream: true }
      return (await askWhole(`${baseUrl}/chat/completions`, { body })).text()
    }),
  )
  assert.equal(texts[0], texts[1])
  assert.notEqual(texts[0], texts[2])
})

test('models are listed with their shutdown date', async (t) => {
  const client = await clientOf(t)
  const listed = (await client.models.list()).data
  assert.ok(listed.some((model) => model.id === 'gpt-4o' && 'shutdown_date' in model))
  assert.equal((await client.models.retrieve('o1-mini')).id, 'o1-mini')
  await assert.rejects(client.models.retrieve('gpt-9'), OpenAI.NotFoundError)
})

const REFUSED: readonly (readonly [
  string,
  string,
  Parameters<typeof ask>[1],
  number,
  string | null,
  string | null,
])[] = [
  [
    'an unknown model',
    '/chat/completions',
    { body: { model: 'gpt-9', messages: MESSAGES } },
    404,
    null,
    'model_not_found',
  ],
  ['a wrong key', '/chat/completions', { key: 'sk-wrong', body: {} }, 401, null, 'invalid_api_key'],
  ['no key', '/chat/completions', { headers: { authorization: '' }, body: {} }, 401, null, null],
  ['an unknown path', '/nothing', { body: {} }, 404, null, null],
  ['a body that is no JSON', '/chat/completions', { body: '{' }, 400, null, null],
  ['no model', '/chat/completions', { body: { messages: MESSAGES } }, 400, null, null],
  [
    'no messages',
    '/chat/completions',
    { body: { model: 'gpt-4o' } },
    400,
    'messages',
    'missing_required_parameter',
  ],
  [
    'empty messages',
    '/chat/completions',
    { body: { model: 'gpt-4o', messages: [] } },
    400,
    'messages',
    'empty_array',
  ],
  [
    'a wrong type',
    '/chat/completions',
    { body: { model: 'gpt-4o', messages: [{ role: 3 }] } },
    400,
    'messages[0].role',
    'invalid_type',
  ],
]
for (const [what, path, asked, status, param, code] of REFUSED) {
  test(`${what} is refused in the vendor's envelope`, async (t) => {
    const { baseUrl } = await startUpstream(t, { apiKey: 'sk-test' })
    const answer = await askWhole(baseUrl + path, asked)
    assert.equal(answer.status, status)
    assert.match(answer.text(), /^\{\n {2}"error": \{\n {4}"message": /)
    const { error } = JSON.parse(answer.text())
    assert.deepEqual(Object.keys(error), ['message', 'type', 'param', 'code'])
    assert.equal(error.param, param)
    assert.equal(error.code, code)
  })
}
