export const HELLO = [{ role: 'user', content: 'Hello' }]
export const TOOL = { type: 'function', function: { name: 'get_weather', parameters: { type: 'object' } } }
export const IMAGE = { type: 'image_url', image_url: { url: 'https://example.org/a.png' } }
const TOOLS_LINK =
  'For a list of supported models, refer to https://platform.openai.com/docs/guides/function-calling#models-supporting-function-calling.'

/** A body, and how a model refuses it. */
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

function effort(model: string, asked: string, values: string): Case {
  const message = `Unsupported value: 'reasoning_effort' does not support '${asked}' with this model. Supported values are: ${values}.`
  return {
    model,
    body: { reasoning_effort: asked },
    message,
    param: 'reasoning_effort',
    code: 'unsupported_value',
  }
}

function toolsWhileReasoning(model: string, body: Case['body']): Case {
  const message = `Function tools with reasoning_effort are not supported for ${model} in /v1/chat/completions. To use function tools, use /v1/responses or set reasoning_effort to 'none'.`
  return { model, body: { tools: [TOOL], ...body }, message, param: 'reasoning_effort', code: null }
}

function onlyWith(name: string, body: Case['body'], other: string): Case {
  const message = `'${name}' is only allowed when '${other}' are specified.`
  return { model: 'gpt-4o', body, message, param: name, code: null }
}

/** What models refuse, in the vendor's words. */
export const REFUSALS: readonly Case[] = [
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
  onlyDefault('gpt-5.2', 'temperature', 0.2, 1),
  onlyDefault('o3', 'n', 2, 1),
  onlyDefault('gpt-5', 'presence_penalty', 0.5, 0),
  ...['stop', 'logit_bias', 'prediction', 'logprobs'].map((name) => unsupported('gpt-6-luna', name, true)),
  ...['o3-mini', 'gpt-4o'].map((model) => unsupported(model, 'prompt_cache_retention', '24h')),
  unsupported('gpt-5.6-terra', 'prompt_cache_retention', '24h'),
  effort('o4-mini', 'none', "'low', 'medium', and 'high'"),
  effort('gpt-5', 'none', "'minimal', 'low', 'medium', and 'high'"),
  effort('gpt-5.1', 'minimal', "'none', 'low', 'medium', and 'high'"),
  effort('gpt-5.6-luna', 'max', "'none', 'low', 'medium', 'high', and 'xhigh'"),
  toolsWhileReasoning('gpt-5.4', {}),
  toolsWhileReasoning('gpt-6-luna', { reasoning_effort: 'high' }),
  role('gpt-3.5-turbo', 'developer'),
  {
    model: 'gpt-4o-2024-05-13',
    body: { response_format: { type: 'json_schema' } },
    message:
      "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model. Learn more about supported models at the Structured Outputs guide: https://platform.openai.com/docs/guides/structured-outputs",
    param: 'response_format',
    code: null,
  },
  {
    model: 'gpt-4o',
    body: { verbosity: 'low' },
    message:
      "Unsupported value: 'verbosity' does not support 'low' with this model. Supported values are: 'medium'.",
    param: 'verbosity',
    code: 'unsupported_value',
  },
  {
    model: 'gpt-5',
    body: {
      messages: [
        {
          role: 'user',
          content: [{ type: 'text', text: 'hi', prompt_cache_breakpoint: { mode: 'explicit' } }],
        },
      ],
    },
    message: 'Unrecognized request argument supplied: prompt_cache_breakpoint',
    param: null,
    code: null,
  },
  {
    model: 'gpt-audio',
    body: {},
    message: 'This model requires that either input content or output modality contain audio.',
    param: 'model',
    code: 'invalid_value',
  },
  {
    model: 'gpt-4o',
    body: { metadata: { a: 'b' } },
    message: "The 'metadata' parameter is only allowed when 'store' is enabled.",
    param: 'metadata',
    code: null,
  },
  {
    model: 'gpt-4o',
    body: { tools: [] },
    message:
      "Invalid 'tools': empty array. Expected an array with minimum length 1, but got an empty array instead.",
    param: 'tools',
    code: 'empty_array',
  },
  onlyWith('tool_choice', { tool_choice: 'auto' }, 'tools'),
  onlyWith('parallel_tool_calls', { parallel_tool_calls: false }, 'tools'),
  onlyWith('function_call', { function_call: 'auto' }, 'functions'),
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
