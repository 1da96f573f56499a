import type { Capability } from '../base/target.ts'
import type { ChatRequest } from './chat-request.ts'

/** One use of a feature: the capability it takes and the body field that asks for it. */
export interface Need {
  readonly capability: Capability
  readonly param: string
}

/**
 * How much a field matters. `hard`: without the capability the answer would be a different one, so the target
 * is incapable. `soft`: the field may be left out for targets that refuse it; it is a default, a hint, or a
 * preference that OpenAI's own reasoning models do not take either. `idle`: it asks for nothing, because the
 * field it modifies is absent, and endpoints refuse it for that; it is left out for every target.
 */
type Weight = 'absent' | 'idle' | 'soft' | 'hard'

export interface Feature extends Need {
  readonly param: keyof ChatRequest
  /** The field without which this one is idle. */
  readonly beside?: keyof ChatRequest
  weigh(request: ChatRequest): Weight
}

/** How much a feature's field matters in a request. */
export function weightOf({ param, beside, weigh }: Feature, request: ChatRequest): Weight {
  const { [param]: value } = request
  if (value === undefined) return 'absent'
  const isAlone = beside !== undefined && value !== null && !isGiven(request[beside])
  return isAlone ? 'idle' : weigh(request)
}

function isGiven(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value)
}

/** Every top-level field some target refuses. Messages are read in `needs.ts`, caps in `output-cap.ts`. */
export const FEATURES: readonly Feature[] = [
  { param: 'stream', capability: 'stream', weigh: (r) => (r.stream === true ? 'hard' : 'absent') },
  { param: 'tools', capability: 'tools', weigh: (r) => listed(r.tools) },
  { param: 'tools', capability: 'custom_tools', weigh: (r) => (r.tools?.some(isCustom) ? 'hard' : 'absent') },
  { param: 'functions', capability: 'functions', weigh: (r) => listed(r.functions) },
  { param: 'tool_choice', beside: 'tools', capability: 'tools', weigh: (r) => droppable(r.tool_choice) },
  {
    param: 'function_call',
    beside: 'functions',
    capability: 'functions',
    weigh: (r) => droppable(r.function_call),
  },
  {
    param: 'parallel_tool_calls',
    beside: 'tools',
    capability: 'parallel_tool_calls',
    weigh: (r) => unless(r.parallel_tool_calls, r.parallel_tool_calls !== false),
  },
  { param: 'stream_options', beside: 'stream', capability: 'stream', weigh: () => 'absent' },
  { param: 'response_format', capability: 'json_object', weigh: (r) => format(r, 'json_object') },
  { param: 'response_format', capability: 'json_schema', weigh: (r) => format(r, 'json_schema') },
  { param: 'logprobs', capability: 'logprobs', weigh: (r) => unless(r.logprobs, r.logprobs !== true) },
  { param: 'top_logprobs', capability: 'logprobs', weigh: (r) => unless(r.top_logprobs, !r.top_logprobs) },
  {
    param: 'logit_bias',
    capability: 'logit_bias',
    weigh: (r) => unless(r.logit_bias, isEmpty(r.logit_bias)),
  },
  { param: 'stop', capability: 'stop', weigh: (r) => unless(r.stop, !r.stop?.length) },
  { param: 'n', capability: 'n', weigh: (r) => unless(r.n, (r.n ?? 1) === 1) },
  { param: 'temperature', capability: 'sampling', weigh: (r) => droppable(r.temperature) },
  { param: 'top_p', capability: 'sampling', weigh: (r) => droppable(r.top_p) },
  { param: 'presence_penalty', capability: 'penalties', weigh: (r) => droppable(r.presence_penalty) },
  { param: 'frequency_penalty', capability: 'penalties', weigh: (r) => droppable(r.frequency_penalty) },
  { param: 'prediction', capability: 'prediction', weigh: (r) => droppable(r.prediction) },
  { param: 'reasoning_effort', capability: 'reasoning_effort', weigh: (r) => droppable(r.reasoning_effort) },
  { param: 'modalities', capability: 'audio', weigh: (r) => unless(r.modalities, !speaks(r)) },
  { param: 'audio', capability: 'audio', weigh: (r) => unless(r.audio, !speaks(r)) },
  {
    param: 'web_search_options',
    capability: 'web_search',
    weigh: (r) => unless(r.web_search_options, r.web_search_options === null),
  },
]

function droppable(value: unknown): Weight {
  return value === undefined ? 'absent' : 'soft'
}

/** Hard, unless the value asks for nothing. */
function unless(value: unknown, asksNothing: boolean): Weight {
  if (value === undefined) return 'absent'
  return asksNothing ? 'soft' : 'hard'
}

function listed(list: readonly unknown[] | null | undefined): Weight {
  if (list === undefined) return 'absent'
  if (list === null) return 'soft'
  return list.length > 0 ? 'hard' : 'idle'
}

/** Tools whose input is free text rather than JSON. */
function isCustom(tool: unknown): boolean {
  return typeof tool === 'object' && tool !== null && Reflect.get(tool, 'type') === 'custom'
}

/** Every model does `text`; unknown formats count as a schema. */
function format(request: ChatRequest, kind: 'json_object' | 'json_schema'): Weight {
  const asked = request.response_format
  if (asked === undefined) return 'absent'
  if (asked === null || asked.type === 'text') return kind === 'json_object' ? 'soft' : 'absent'
  return (asked.type === 'json_object') === (kind === 'json_object') ? 'hard' : 'absent'
}

function isEmpty(record: object | null | undefined): boolean {
  return !record || Object.keys(record).length === 0
}

function speaks(request: ChatRequest): boolean {
  return request.modalities?.some((modality) => modality !== 'text') ?? false
}
