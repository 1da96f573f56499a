import type { Family, SimulatedModel } from '../models.ts'
import { invalid } from '../wire-error.ts'
import {
  given,
  isReasoning,
  noContent,
  noCustomTools,
  noFormat,
  noMaxTokens,
  noneWithin,
  noParameter,
  noRole,
  noSpeech,
  noTools,
  ofModels,
  onlyDefault,
  onlyWords,
  type Rule,
  unrecognized,
  whileReasoning,
} from './rule.ts'

const FIRST_SAMPLING: readonly Rule[] = [
  ...['temperature', 'top_p', 'n'].map((name) => onlyDefault(name, 1)),
  ...['presence_penalty', 'frequency_penalty'].map((name) => onlyDefault(name, 0)),
]

/** Only gpt-5.6 and later support cache breakpoints. */
const OLD_CACHES: readonly Rule[] = [
  ...['prompt_cache_options', 'prompt_cache_breakpoint'].map(unrecognized),
  noneWithin('prompt_cache_breakpoint'),
]
const NO_KEPT_CACHE = noParameter('prompt_cache_retention')
const USUAL_VERBOSITY = onlyWords('verbosity', ['medium'])
const NO_SOUND: readonly Rule[] = [noContent('input_audio'), noSpeech]
const NO_FLEX: Rule = (request) =>
  given(request, 'service_tier') === 'flex'
    ? invalid('Flex processing is not available for this model.', 'service_tier', 'unsupported_value')
    : undefined

const KNOWN_EFFORTS: Rule = (request, model) => onlyWords('reasoning_effort', model.efforts)(request, model)

const O_SERIES: readonly Rule[] = [
  noMaxTokens,
  ...['temperature', 'top_p', 'presence_penalty', 'frequency_penalty'].map(notInSeries),
  ...['logprobs', 'top_logprobs', 'logit_bias', 'parallel_tool_calls', 'prediction'].map(noParameter),
  onlyDefault('n', 1),
  ofModels(({ id }) => id !== 'o1', noParameter('stop')),
  ofModels(({ image }) => image === undefined, noContent('image_url', 'file')),
  ofModels(({ id }) => id === 'o1' || id === 'o3-mini', NO_FLEX),
  noTools('functions'),
  noCustomTools,
  KNOWN_EFFORTS,
  USUAL_VERBOSITY,
  NO_KEPT_CACHE,
  ...OLD_CACHES,
  ...NO_SOUND,
]

const GPT_4O: readonly Rule[] = [
  unrecognized('reasoning_effort'),
  USUAL_VERBOSITY,
  ...OLD_CACHES,
  NO_FLEX,
  noCustomTools,
  ...NO_SOUND,
  ofModels(({ id }) => id === 'gpt-4o-2024-05-13', noFormat('json_schema')),
]

/** Rejected by gpt-5 and all later models, whatever the reasoning effort. */
const GPT_5: readonly Rule[] = [
  noMaxTokens,
  KNOWN_EFFORTS,
  ...['stop', 'logit_bias', 'prediction'].map(noParameter),
  ...['presence_penalty', 'frequency_penalty'].map((name) => onlyDefault(name, 0)),
  onlyDefault('n', 1),
  ...['temperature', 'top_p'].map((name) => whileReasoning(onlyDefault(name, 1))),
  ...['logprobs', 'top_logprobs'].map((name) => whileReasoning(noParameter(name))),
  noTools('functions'),
  ...NO_SOUND,
]

const NEEDS_SOUND: Rule = (request) => {
  const heard = request.messages.some(({ content, audio }) => {
    if (audio !== undefined && audio !== null) return true
    return Array.isArray(content) && content.some(({ type }) => type === 'input_audio')
  })
  if (heard || noSpeech(request) !== undefined) return undefined
  return invalid(
    'This model requires that either input content or output modality contain audio.',
    'model',
    'invalid_value',
  )
}

/**
 * What each family rejects. Recorded messages where we have them; the precedence among several wrong fields
 * is ours.
 */
export const FAMILY_RULES: Readonly<Record<Family, readonly Rule[]>> = {
  first_o1: [
    ...['system', 'developer', 'tool', 'function'].map(noRole),
    noTools('tools'),
    noTools('functions'),
    ...['tool_choice', 'function_call', 'parallel_tool_calls'].map(noParameter),
    noFormat('json_object', 'json_schema'),
    noMaxTokens,
    ...FIRST_SAMPLING,
    ...['logprobs', 'top_logprobs', 'stop', 'reasoning_effort', 'prediction'].map(noParameter),
    USUAL_VERBOSITY,
    NO_KEPT_CACHE,
    ...OLD_CACHES,
    NO_FLEX,
    noContent('image_url', 'input_audio', 'file'),
    noSpeech,
  ],
  o_series: O_SERIES,
  gpt_3_5: [...GPT_4O, NO_KEPT_CACHE, noRole('developer'), ...textOnly()],
  gpt_4o: [...GPT_4O, NO_KEPT_CACHE],
  gpt_4_1: GPT_4O,
  gpt_5: [...GPT_5, ...OLD_CACHES],
  gpt_5_1: [...GPT_5, ...OLD_CACHES],
  gpt_5_4: [...GPT_5, ...OLD_CACHES],
  gpt_5_6: [...GPT_5, NO_KEPT_CACHE],
  audio: [
    NEEDS_SOUND,
    unrecognized('reasoning_effort'),
    ...['logprobs', 'logit_bias', 'prediction', 'parallel_tool_calls'].map(noParameter),
    noTools('functions'),
    noCustomTools,
    noFormat('json_object', 'json_schema'),
    noContent('image_url', 'file'),
    USUAL_VERBOSITY,
    NO_KEPT_CACHE,
    ...OLD_CACHES,
    NO_FLEX,
  ],
  no_chat: [
    () => ({
      ...invalid(
        'This is not a chat model and thus not supported in the v1/chat/completions endpoint. Did you mean to use v1/completions?',
        'model',
        null,
      ),
      status: 404,
    }),
  ],
}

function textOnly(): readonly Rule[] {
  return [noContent('image_url', 'file'), noFormat('json_schema'), noParameter('prediction')]
}

/** o1 and o3-mini reject the sampling parameters altogether; o3 and o4-mini accept their defaults. */
function notInSeries(name: string): Rule {
  const standard = name.endsWith('penalty') ? 0 : 1
  const isLater = ({ id }: SimulatedModel) => id === 'o3' || id === 'o4-mini'
  return (request, model) =>
    (isLater(model) ? onlyDefault(name, standard) : noParameter(name))(request, model)
}

/**
 * Since gpt-5.4 a chat may have tools only if the model does not reason; the Responses API always allows
 * them.
 */
export const CHAT_RULES: Readonly<Partial<Record<Family, Rule>>> = {
  gpt_5_4: noToolsWhileReasoning,
  gpt_5_6: noToolsWhileReasoning,
}

function noToolsWhileReasoning(...[request, model]: Parameters<Rule>): ReturnType<Rule> {
  if (given(request, 'tools') === undefined || !isReasoning(request, model)) return undefined
  return invalid(
    `Function tools with reasoning_effort are not supported for ${model.id} in /v1/chat/completions. To use function tools, use /v1/responses or set reasoning_effort to 'none'.`,
    'reasoning_effort',
    null,
  )
}
