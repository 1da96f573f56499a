import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import OpenAI from 'openai'
import { startUpstream } from '../../support/simulator-upstream.ts'
import { HELLO, IMAGE, REFUSALS, TOOL } from './refusals.ts'

/** Sends a body the SDK's types would not allow, and returns the error it raises. */
async function errorOf(
  test: TestContext,
  model: string,
  body: object,
): Promise<InstanceType<typeof OpenAI.APIError>> {
  const { baseUrl } = await startUpstream(test)
  const client = new OpenAI({ apiKey: 'sk-test', baseURL: baseUrl, maxRetries: 0 })
  const error = await client.post('/chat/completions', { body: { model, messages: HELLO, ...body } }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof OpenAI.APIError, `${model} took ${JSON.stringify(body)}`)
  return error
}

for (const { model, body, message, param, code } of REFUSALS) {
  test(`${model} refuses ${Object.keys(body).join()} ${JSON.stringify(body).slice(0, 40)}`, async (t) => {
    const error = await errorOf(t, model, body)
    assert.ok(error instanceof OpenAI.BadRequestError)
    assert.equal(error.message, `400 ${message}`)
    assert.equal(error.type, 'invalid_request_error')
    assert.equal(error.param, param)
    assert.equal(error.code, code)
  })
}

test('a prompt longer than the context is refused with both counts', async (t) => {
  const messages = [{ role: 'user', content: 'word '.repeat(130_000) }]
  const error = await errorOf(t, 'gpt-4o', { messages, tools: [TOOL] })
  assert.equal(error.code, 'context_length_exceeded')
  assert.equal(error.param, 'messages')
  assert.match(
    error.message,
    /^400 This model's maximum context length is 128000 tokens\. However, your messages resulted in 13\d{4} tokens \(13\d{4} in the messages, \d+ in the functions\)\. Please reduce the length of the messages or functions\.$/,
  )
})

test('a prompt that fits, but not together with its cap, is refused with all counts', async (t) => {
  const messages = [{ role: 'user', content: 'word '.repeat(120_000) }]
  const error = await errorOf(t, 'gpt-4o', { messages, max_tokens: 16_000 })
  assert.equal(error.code, 'context_length_exceeded')
  assert.match(
    error.message,
    /^400 This model's maximum context length is 128000 tokens\. However, you requested 1360\d\d tokens \(1200\d\d in the messages, 16000 in the completion\)\. Please reduce the length of the messages or completion\.$/,
  )
})

test('an embedding model refuses chats with a 404', async (t) => {
  const error = await errorOf(t, 'text-embedding-3-small', {})
  assert.equal(error.status, 404)
})

const TAKEN: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  [
    'o1-mini',
    {
      max_completion_tokens: 500,
      temperature: 1,
      top_p: 1,
      n: 1,
      presence_penalty: 0,
      logit_bias: {},
      stop: null,
    },
  ],
  ['o1-mini', { messages: [...HELLO, ...HELLO], response_format: { type: 'text' }, seed: 1, user: 'u' }],
  [
    'o4-mini',
    {
      messages: [{ role: 'developer', content: 'Be brief.' }, ...HELLO],
      tools: [TOOL],
      reasoning_effort: 'low',
    },
  ],
  ['gpt-5.1', { temperature: 0.2, logprobs: true, tools: [TOOL], verbosity: 'low' }],
  ['gpt-6-luna', { tools: [TOOL], reasoning_effort: 'none', temperature: 0.2, prompt_cache_options: {} }],
  ['gpt-4.1', { prompt_cache_retention: '24h', n: 2, stop: 'END', functions: [TOOL.function] }],
  ['gpt-audio', { modalities: ['text', 'audio'], audio: { voice: 'ash', format: 'mp3' }, n: 2 }],
  [
    'gpt-4o',
    {
      temperature: 0.2,
      max_tokens: 16_384,
      stop: ['END'],
      logprobs: true,
      parallel_tool_calls: true,
      tools: [TOOL],
    },
  ],
  [
    'gpt-4o-mini',
    { messages: [{ role: 'user', content: [{ type: 'text', text: 'What is it?' }, IMAGE] }], n: 2 },
  ],
]
for (const [model, body] of TAKEN) {
  test(`${model} accepts ${Object.keys(body).join()}`, async (t) => {
    const { baseUrl } = await startUpstream(t)
    const client = new OpenAI({ apiKey: 'sk-test', baseURL: baseUrl, maxRetries: 0 })
    const { response } = await client
      .post('/chat/completions', { body: { model, messages: HELLO, ...body } })
      .withResponse()
    assert.equal(response.status, 200)
  })
}
