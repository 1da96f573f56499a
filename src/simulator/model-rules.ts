import type { ChatRequest } from './chat-request.ts'
import type { Family, SimulatedModel } from './models.ts'
import { invalid, type WireError } from './wire-error.ts'

/**
 * The vendor's 400s, word for word: what each family of models refuses. Sources: recorded answers and threads that
 * quote them; the order in which several wrong fields are named is ours.
 */
type Rule = (request: ChatRequest, model: SimulatedModel) => WireError | undefined

const FAMILY_RULES: Readonly<Record<Family, readonly Rule[]>> = {
  first_o1: [
    ...['system', 'developer', 'tool', 'function'].map(noRole),
    noTools('tools'),
    noTools('functions'),
    ...['tool_choice', 'function_call', 'parallel_tool_calls'].map(noParameter),
    noResponseFormat,
    noMaxTokens,
    ...['temperature', 'top_p', 'n'].map((name) => onlyDefault(name, 1)),
    ...['presence_penalty', 'frequency_penalty'].map((name) => onlyDefault(name, 0)),
    ...['logprobs', 'top_logprobs', 'stop', 'reasoning_effort', 'prediction'].map(noParameter),
    noContent('image_url', 'input_audio', 'file'),
  ],
  o_series: [
    noMaxTokens,
    ...['temperature', 'top_p', 'presence_penalty', 'frequency_penalty'].map(notInSeries),
    ...['logprobs', 'top_logprobs', 'parallel_tool_calls', 'prediction'].map(noParameter),
    (request, model) => (model.id === 'o1' ? undefined : noParameter('stop')(request, model)),
    (request, model) => (model.image === undefined ? noContent('image_url')(request, model) : undefined),
    noContent('input_audio'),
  ],
  gpt_5: [
    noMaxTokens,
    ...['temperature', 'top_p'].map((name) => whileReasoning(onlyDefault(name, 1))),
    ...['logprobs', 'top_logprobs'].map((name) => whileReasoning(noParameter(name))),
    noContent('input_audio'),
  ],
  gpt_4o: [
    ...['reasoning_effort', 'prompt_cache_options', 'prompt_cache_breakpoint'].map(unrecognized),
    (request, model) => (model.id === 'gpt-4o-2024-05-13' ? noSchema(request) : undefined),
    noContent('input_audio'),
  ],
}

const RULES: readonly Rule[] = [
  (request) =>
    given(request, 'web_search_options') === undefined
      ? undefined
      : invalid('Web search options not supported with this model.', 'web_search_options', null),
  (request) =>
    given(request, 'stream_options') === undefined || request.stream === true
      ? undefined
      : invalid(
          "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
          'stream_options',
          null,
        ),
  temperatureInRange,
  oneOutputCap,
  outputFits,
]

/** What the model refuses about a request; undefined when it takes it. Context length is `contextError`'s. */
export function refusal(request: ChatRequest, model: SimulatedModel): WireError | undefined {
  for (const rule of [...FAMILY_RULES[model.family], ...RULES]) {
    const error = rule(request, model)
    if (error !== undefined) return error
  }
  return undefined
}

/** The answer to a prompt that is longer than the model's context. Both counts are tokens. */
export function contextError(
  model: SimulatedModel,
  prompt: { messages: number; functions: number },
): WireError {
  const total = prompt.messages + prompt.functions
  const [parts, what] =
    prompt.functions === 0
      ? ['', 'messages']
      : [
          ` (${prompt.messages} in the messages, ${prompt.functions} in the functions)`,
          'messages or functions',
        ]
  return invalid(
    `This model's maximum context length is ${model.context} tokens. However, your messages resulted in ${total} tokens${parts}. Please reduce the length of the ${what}.`,
    'messages',
    'context_length_exceeded',
  )
}

/** A key's value; null is as good as absent to the vendor. */
function given(request: ChatRequest, name: string): unknown {
  return request[name] ?? undefined
}

function noRole(role: string): Rule {
  return (request) => {
    const at = request.messages.findIndex((message) => message.role === role)
    if (at < 0) return undefined
    const param = `messages[${at}].role`
    return invalid(
      `Unsupported value: '${param}' does not support '${role}' with this model.`,
      param,
      'unsupported_value',
    )
  }
}

function noTools(name: 'tools' | 'functions'): Rule {
  return (request) =>
    given(request, name) === undefined
      ? undefined
      : invalid(
          `${name} is not supported in this model. For a list of supported models, refer to https://platform.openai.com/docs/guides/function-calling#models-supporting-function-calling.`,
          null,
          null,
        )
}

function noParameter(name: string): Rule {
  return (request) =>
    given(request, name) === undefined
      ? undefined
      : invalid(
          `Unsupported parameter: '${name}' is not supported with this model.`,
          name,
          'unsupported_parameter',
        )
}

function noMaxTokens(request: ChatRequest): WireError | undefined {
  if (given(request, 'max_tokens') === undefined) return undefined
  return invalid(
    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
    'max_tokens',
    'unsupported_parameter',
  )
}

function onlyDefault(name: string, standard: number): Rule {
  return (request) => {
    const value = given(request, name)
    if (value === undefined || value === standard) return undefined
    return invalid(
      `Unsupported value: '${name}' does not support ${JSON.stringify(value)} with this model. Only the default (${standard}) value is supported.`,
      name,
      'unsupported_value',
    )
  }
}

/** o1 and o3-mini do not know the sampling parameters at all; o3 and o4-mini take their defaults. */
function notInSeries(name: string): Rule {
  const standard = name.endsWith('penalty') ? 0 : 1
  return (request, model) =>
    model.id === 'o4-mini' ? onlyDefault(name, standard)(request, model) : noParameter(name)(request, model)
}

function whileReasoning(rule: Rule): Rule {
  return (request, model) =>
    given(request, 'reasoning_effort') === 'none' ? undefined : rule(request, model)
}

function unrecognized(name: string): Rule {
  return (request) =>
    given(request, name) === undefined
      ? undefined
      : invalid(`Unrecognized request argument supplied: ${name}`, null, null)
}

function noResponseFormat(request: ChatRequest): WireError | undefined {
  const type = request.response_format?.type
  if (type === undefined || type === 'text') return undefined
  return invalid(
    `Invalid parameter: 'response_format' of type '${type}' is not supported with this model. Learn more about supported models at the Structured Outputs guide: https://platform.openai.com/docs/guides/structured-outputs`,
    'response_format',
    null,
  )
}

function noSchema(request: ChatRequest): WireError | undefined {
  return request.response_format?.type === 'json_schema' ? noResponseFormat(request) : undefined
}

function noContent(...types: readonly string[]): Rule {
  return (request) => {
    for (const [at, { content }] of request.messages.entries()) {
      if (!Array.isArray(content)) continue
      const part = content.findIndex(({ type }) => types.includes(type))
      const type = content[part]?.type
      if (type === undefined) continue
      return invalid(
        `Invalid content type. ${type} is only supported by certain models.`,
        `messages.[${at}].content.[${part}].type`,
        null,
      )
    }
    return undefined
  }
}

function temperatureInRange(request: ChatRequest): WireError | undefined {
  const value = request.temperature ?? 1
  if (value >= 0 && value <= 2) return undefined
  const [side, bound, code] =
    value < 0
      ? ['below minimum', '>= 0', 'decimal_below_min_value']
      : ['above maximum', '<= 2', 'decimal_above_max_value']
  return invalid(
    `Invalid 'temperature': decimal ${side} value. Expected a value ${bound}, but got ${value} instead.`,
    'temperature',
    code,
  )
}

function oneOutputCap(request: ChatRequest): WireError | undefined {
  if (typeof request.max_tokens !== 'number' || typeof request.max_completion_tokens !== 'number')
    return undefined
  return invalid(
    "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.",
    'max_tokens',
    'invalid_parameter_combination',
  )
}

function outputFits(request: ChatRequest, model: SimulatedModel): WireError | undefined {
  const name = typeof request.max_tokens === 'number' ? 'max_tokens' : 'max_completion_tokens'
  const asked = request[name] ?? 1
  if (asked > model.maxOutput) {
    return invalid(
      `${name} is too large: ${asked}. This model supports at most ${model.maxOutput} completion tokens, whereas you provided ${asked}.`,
      name,
      'invalid_value',
    )
  }
  if (asked >= 1) return undefined
  return invalid(
    `Invalid '${name}': integer below minimum value. Expected a value >= 1, but got ${asked} instead.`,
    name,
    'integer_below_min_value',
  )
}
