import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import OpenAI from 'openai'
import { startUpstream } from '../../support/simulator-upstream.ts'

const HELLO = [{ role: 'user', content: 'Hello' }]
const TOOL = { type: 'function', function: { name: 'get_weather', parameters: { type: 'object' } } }
const IMAGE = { type: 'image_url', image_url: { url: 'https://example.org/a.png' } }
const TOOLS_LINK =
  'For a list of supported models, refer to https://platform.openai.com/docs/guides/function-calling#models-supporting-function-calling.'

interface Case {
  readonly model: string
  readonly body: Readonly<Record<string, unknown>>
  readonly message: string
  readonly param: string | null
  readonly code: string | null
}

function unsupported(model: string, name: string, value: unknown): Case {
  const message = `Unsupported parameter: '${name}' is not supported with this model.`
  return { model, body: { [name]: value }, message, param: name, code: 'unsupported_parameter' }
}

function onlyDefault(model: string, name: string, value: number, standard: number): Case {
  const message = `Unsupported value: '${name}' does not support ${value} with this model. Only the default (${standard}) value is supported.`
  return { model, body: { [name]: value }, message, param: name, code: 'unsupported_value' }
}

function role(model: string, name: string): Case {
  const message = `Unsupported value: 'messages[0].role' does not support '${name}' with this model.`
  const body = { messages: [{ role: name, content: 'Be brief.' }, ...HELLO] }
  return { model, body, message, param: 'messages[0].role', code: 'unsupported_value' }
}

function maxTokens(model: string): Case {
  const message =
    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
  return { model, body: { max_tokens: 100 }, message, param: 'max_tokens', code: 'unsupported_parameter' }
}

const CASES: readonly Case[] = [
  ...['o1-mini', 'o1-preview'].flatMap((model): Case[] => [
    role(model, 'system'),
    role(model, 'developer'),
    maxTokens(model),
    onlyDefault(model, 'temperature', 0.2, 1),
    onlyDefault(model, 'top_p', 0.5, 1),
    onlyDefault(model, 'n', 2, 1),
    onlyDefault(model, 'presence_penalty', 0.5, 0),
    onlyDefault(model, 'frequency_penalty', 0.5, 0),
    unsupported(model, 'stop', ['END']),
    unsupported(model, 'parallel_tool_calls', true),
    unsupported(model, 'logprobs', true),
    unsupported(model, 'reasoning_effort', 'low'),
    unsupported(model, 'prediction', { type: 'content', content: 'x' }),
    {
      model,
      body: { tools: [TOOL] },
      message: `tools is not supported in this model. ${TOOLS_LINK}`,
      param: null,
      code: null,
    },
    {
      model,
      body: { functions: [TOOL.function] },
      message: `functions is not supported in this model. ${TOOLS_LINK}`,
      param: null,
      code: null,
    },
    ...['json_object', 'json_schema'].map((type) => ({
      model,
      body: { response_format: { type } },
      message: `Invalid parameter: 'response_format' of type '${type}' is not supported with this model. Learn more about supported models at the Structured Outputs guide: https://platform.openai.com/docs/guides/structured-outputs`,
      param: 'response_format',
      code: null,
    })),
    {
      model,
      body: { messages: [{ role: 'user', content: [{ type: 'text', text: 'What is it?' }, IMAGE] }] },
      message: 'Invalid content type. image_url is only supported by certain models.',
      param: 'messages.[0].content.[1].type',
      code: null,
    },
  ]),
  maxTokens('o3-mini'),
  unsupported('o3-mini', 'temperature', 0.2),
  unsupported('o1', 'temperature', 0.2),
  onlyDefault('o4-mini', 'temperature', 0.2, 1),
  unsupported('o4-mini', 'stop', ['END']),
  unsupported('o4-mini', 'parallel_tool_calls', true),
  unsupported('o3-mini', 'logprobs', true),
  onlyDefault('gpt-5-mini', 'temperature', 0.2, 1),
  ...['gpt-4o', 'gpt-4o-mini'].flatMap((model): Case[] => [
    {
      model,
      body: { reasoning_effort: 'low' },
      message: 'Unrecognized request argument supplied: reasoning_effort',
      param: null,
      code: null,
    },
    {
      model,
      body: { max_tokens: 20_000 },
      message:
        'max_tokens is too large: 20000. This model supports at most 16384 completion tokens, whereas you provided 20000.',
      param: 'max_tokens',
      code: 'invalid_value',
    },
    {
      model,
      body: { web_search_options: {} },
      message: 'Web search options not supported with this model.',
      param: 'web_search_options',
      code: null,
    },
    {
      model,
      body: { temperature: -1 },
      message:
        "Invalid 'temperature': decimal below minimum value. Expected a value >= 0, but got -1 instead.",
      param: 'temperature',
      code: 'decimal_below_min_value',
    },
  ]),
]

/** Sends a body the SDK's types would not allow, and answers the error it raises. */
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

for (const { model, body, message, param, code } of CASES) {
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
  test(`${model} takes ${Object.keys(body).join()}`, async (t) => {
    const { baseUrl } = await startUpstream(t)
    const client = new OpenAI({ apiKey: 'sk-test', baseURL: baseUrl, maxRetries: 0 })
    const { response } = await client
      .post('/chat/completions', { body: { model, messages: HELLO, ...body } })
      .withResponse()
    assert.equal(response.status, 200)
  })
}
