import type { Capability, Target } from '../../src/base/target.ts'

/**
 * Targets as the catalogue would describe them, complete enough for tests that must not depend on its data.
 */
function target(model: string, capabilities: readonly Capability[], rest: Partial<Target> = {}): Target {
  return {
    model,
    upstream: 'openai',
    sentModel: model,
    context: 128_000,
    maxOutput: 16_384,
    reasoning: false,
    tokenizer: 'o200k_base',
    capabilities: new Set(capabilities),
    effort: undefined,
    doubted: new Set(),
    refuses: [],
    onlyFor: undefined,
    images: undefined,
    shutdownAt: undefined,
    stays: false,
    ...rest,
  }
}

/**
 * What GPT-4o supports: everything of its time except reasoning effort, audio, and the search models' option.
 */
const OMNI: readonly Capability[] = [
  'stream',
  'system',
  'developer',
  'tools',
  'functions',
  'parallel_tool_calls',
  'json_object',
  'json_schema',
  'images',
  'files',
  'logprobs',
  'logit_bias',
  'stop',
  'n',
  'sampling',
  'penalties',
  'prediction',
  'max_tokens',
  'max_completion_tokens',
]

export const gpt4o = target('gpt-4o', OMNI, { images: { kind: 'tiles', base: 85, tile: 170 } })

export const gpt4oMini = target('gpt-4o-mini', OMNI, { images: { kind: 'tiles', base: 2_833, tile: 5_667 } })

export const o1Mini = target('o1-mini', ['stream', 'logit_bias', 'max_completion_tokens'], {
  maxOutput: 65_536,
  reasoning: true,
})

/** A later reasoning model: instructions, tools and schemas, but no sampling, `stop`, `n` or `max_tokens`. */
export const o4Mini = target(
  'o4-mini',
  [
    'stream',
    'system',
    'developer',
    'tools',
    'json_object',
    'json_schema',
    'images',
    'files',
    'reasoning_effort',
    'max_completion_tokens',
  ],
  {
    effort: { values: ['low', 'medium', 'high'], usual: 'medium', atNone: new Set() },
    context: 200_000,
    maxOutput: 100_000,
    reasoning: true,
    images: { kind: 'patches', most: 1_536, multiplier: 1.72 },
  },
)

/** A successor: sampling and tools only while it does not reason, and tools not even then for certain. */
export const gpt6Luna = target(
  'gpt-6-luna',
  ['stream', 'system', 'developer', 'json_object', 'images', 'reasoning_effort', 'max_completion_tokens'],
  {
    effort: {
      values: ['none', 'low', 'medium', 'high', 'xhigh'],
      usual: 'medium',
      atNone: new Set(['sampling', 'logprobs', 'tools']),
    },
    doubted: new Set(['tools']),
    refuses: ['prompt_cache_retention'],
    context: 1_050_000,
    maxOutput: 128_000,
    reasoning: true,
    images: { kind: 'context' },
  },
)

/** A self-hosted model behind a server with OpenAI's older dialect. */
export const generic = target(
  'house-model',
  ['stream', 'system', 'stop', 'n', 'sampling', 'penalties', 'max_tokens'],
  {
    upstream: 'local',
    sentModel: 'org/house-model-32b',
    context: 32_768,
    maxOutput: 8_192,
  },
)
