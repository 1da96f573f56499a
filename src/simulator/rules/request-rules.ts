import type { ChatRequest } from '../chat-request.ts'
import type { SimulatedModel } from '../models.ts'
import { invalid, type WireError } from '../wire-error.ts'
import { given, type Rule } from './rule.ts'

/** What every model rejects. */
export const REQUEST_RULES: readonly Rule[] = [
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
  onlyWith('tool_choice', 'tools'),
  onlyWith('parallel_tool_calls', 'tools'),
  onlyWith('function_call', 'functions'),
  notEmpty('tools'),
  notEmpty('functions'),
  (request) =>
    given(request, 'metadata') === undefined || request.store === true
      ? undefined
      : invalid("The 'metadata' parameter is only allowed when 'store' is enabled.", 'metadata', null),
  (request) =>
    (request.top_logprobs ?? 0) === 0 || request.logprobs === true
      ? undefined
      : invalid(
          "The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled.",
          'top_logprobs',
          null,
        ),
  predictsAlone,
  temperatureInRange,
  oneOutputCap,
  outputFits,
]

function onlyWith(name: string, other: string): Rule {
  return (request) =>
    given(request, name) === undefined || given(request, other) !== undefined
      ? undefined
      : invalid(`'${name}' is only allowed when '${other}' are specified.`, name, null)
}

function notEmpty(name: string): Rule {
  return (request) => {
    const list = given(request, name)
    if (!Array.isArray(list) || list.length > 0) return undefined
    return invalid(
      `Invalid '${name}': empty array. Expected an array with minimum length 1, but got an empty array instead.`,
      name,
      'empty_array',
    )
  }
}

/**
 * According to its guide, a prediction cannot be combined with any of these. The message is our own wording.
 */
function predictsAlone(request: ChatRequest): WireError | undefined {
  if (given(request, 'prediction') === undefined) return undefined
  const beside = ['max_completion_tokens', 'tools', 'logprobs'].find(
    (name) => given(request, name) !== undefined && request[name] !== false,
  )
  if (beside === undefined) return undefined
  return invalid(
    `The 'prediction' parameter is not allowed beside '${beside}'.`,
    'prediction',
    'invalid_parameter_combination',
  )
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
