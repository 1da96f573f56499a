import { z } from 'zod'
import { ChatRequest } from '../chat-request.ts'
import { invalid, type WireError } from '../wire-error.ts'
import type { ResponseStore } from './store.ts'

const Item = z.looseObject({
  type: z.string().nullish(),
  role: z.string().optional(),
  content: z.unknown().optional(),
})

/** The part of a Responses request that the simulator reads. */
export const ResponsesRequest = z.looseObject({
  model: z.string().nullish(),
  input: z.union([z.string(), z.array(Item)]).nullish(),
  instructions: z.string().nullish(),
  previous_response_id: z.string().nullish(),
  max_output_tokens: z.int().nullish(),
  stream: z.boolean().nullish(),
  background: z.boolean().nullish(),
  store: z.boolean().nullish(),
  tools: z.array(z.looseObject({ type: z.string(), name: z.string().optional() })).nullish(),
  tool_choice: z.unknown().optional(),
  text: z
    .looseObject({
      format: z.looseObject({ type: z.string() }).nullish(),
      verbosity: z.string().nullish(),
    })
    .nullish(),
  reasoning: z.looseObject({ effort: z.string().nullish() }).nullish(),
  include: z.array(z.string()).nullish(),
  top_logprobs: z.int().nullish(),
})
export type ResponsesRequest = z.infer<typeof ResponsesRequest>

/** The model used when a request names none. */
const DEFAULT_MODEL = 'gpt-4o'

/** A Responses request and its equivalent chat, for which the models' rules and answers are written. */
export interface AsChat {
  readonly asked: ResponsesRequest
  readonly chat: ChatRequest
}

/**
 * Parses a JSON body together with the turns it continues from, or describes what is wrong with it in the
 * vendor's words.
 */
export function readResponsesRequest(body: unknown, store: ResponseStore): AsChat | { error: WireError } {
  const read = ResponsesRequest.safeParse(body)
  if (!read.success) {
    const [issue] = read.error.issues
    const param = issue?.path.join('.') ?? null
    return { error: invalid(`Invalid type for '${param}': ${issue?.message}.`, param, 'invalid_type') }
  }
  const asked = read.data
  const fault = faultOf(asked, store)
  if (fault !== undefined) return { error: fault }
  const chat = ChatRequest.safeParse(chatOf(asked, store))
  if (chat.success) return { asked, chat: chat.data }
  return { error: invalid(`Invalid 'input': ${chat.error.issues[0]?.message}.`, 'input', null) }
}

function faultOf(asked: ResponsesRequest, store: ResponseStore): WireError | undefined {
  const { previous_response_id: previous, max_output_tokens: cap } = asked
  if (previous && store.turnsOf(previous) === undefined) {
    const message = `Previous response with id '${previous}' not found.`
    return invalid(message, 'previous_response_id', 'previous_response_not_found')
  }
  if (typeof cap === 'number' && cap < 16) {
    const message = `Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got ${cap} instead.`
    return invalid(message, 'max_output_tokens', 'integer_below_min_value')
  }
  for (const [index, item] of itemsOf(asked).entries()) {
    if (isReference(item) && !store.hasItem(String(item.id))) {
      return invalid(`Item with id '${String(item.id)}' not found.`, 'input', null)
    }
    if (item.type !== 'reasoning' || !item.encrypted_content) continue
    if (store.thinkerOf(String(item.encrypted_content)) === asked.model) continue
    const message = `The encrypted content for item ${index} could not be verified.`
    return invalid(message, null, 'invalid_encrypted_content')
  }
  return undefined
}

/** An item without content of its own refers to a stored one. */
function isReference({ type, role, content }: z.infer<typeof Item>): boolean {
  return type === 'item_reference' || (!type && !role && content === undefined)
}

function itemsOf({ input }: ResponsesRequest): readonly z.infer<typeof Item>[] {
  return typeof input === 'object' && input !== null ? input : []
}

/** Fields that have the same name in a chat. */
const ALIKE = [
  ...['temperature', 'top_p', 'parallel_tool_calls', 'stream', 'service_tier'],
  ...['prompt_cache_options', 'prompt_cache_retention', 'prompt_cache_breakpoint'],
] as const

function chatOf(asked: ResponsesRequest, store: ResponseStore): object {
  const { previous_response_id: previous, tools, text, reasoning } = asked
  const format = text?.format ?? undefined
  return {
    model: asked.model ?? DEFAULT_MODEL,
    messages: [
      ...(asked.instructions ? [{ role: 'system', content: asked.instructions }] : []),
      ...((previous && store.turnsOf(previous)) || []),
      ...turnsIn(asked),
    ],
    ...Object.fromEntries(ALIKE.flatMap((name) => (name in asked ? [[name, asked[name]]] : []))),
    ...(asked.max_output_tokens ? { max_completion_tokens: asked.max_output_tokens } : {}),
    ...(tools?.length ? { tools: tools.map(toolOf) } : {}),
    // A tool choice without tools is accepted here, although chats reject it: LlamaIndex sends `none` with a
    // schema.
    ...(tools?.length && asked.tool_choice !== undefined ? { tool_choice: choiceOf(asked.tool_choice) } : {}),
    ...(reasoning?.effort ? { reasoning_effort: reasoning.effort } : {}),
    ...(text?.verbosity ? { verbosity: text.verbosity } : {}),
    ...(asked.top_logprobs ? { logprobs: true, top_logprobs: asked.top_logprobs } : {}),
    ...(format === undefined || format.type === 'text'
      ? {}
      : { response_format: { type: format.type, json_schema: format } }),
  }
}

/** The turns a request adds, in chat form. */
export function turnsIn(asked: ResponsesRequest): readonly object[] {
  if (typeof asked.input === 'string') return [{ role: 'user', content: asked.input }]
  return itemsOf(asked).flatMap((item): object[] => {
    const { role } = item
    const type = item.type ?? 'message'
    if (type === 'function_call' || type === 'custom_tool_call') {
      const call = {
        id: item.call_id,
        type: 'function',
        function: { name: item.name, arguments: item.arguments },
      }
      return [{ role: 'assistant', content: null, tool_calls: [call] }]
    }
    if (type === 'function_call_output' || type === 'custom_tool_call_output') {
      const output = typeof item.output === 'string' ? item.output : JSON.stringify(item.output)
      return [{ role: 'tool', content: output, tool_call_id: item.call_id }]
    }
    if (type !== 'message' || isReference(item)) return []
    const { content } = item
    return [{ role, content: Array.isArray(content) ? content.map(partOf) : content }]
  })
}

function partOf(part: unknown): unknown {
  if (typeof part !== 'object' || part === null) return part
  const type: unknown = Reflect.get(part, 'type')
  const mark: unknown = Reflect.get(part, 'prompt_cache_breakpoint')
  const marked = mark === undefined ? {} : { prompt_cache_breakpoint: mark }
  if (type === 'input_text' || type === 'output_text')
    return { type: 'text', text: Reflect.get(part, 'text'), ...marked }
  if (type === 'input_image') {
    const detail: unknown = Reflect.get(part, 'detail')
    const url: unknown = Reflect.get(part, 'image_url') ?? 'file'
    return { type: 'image_url', image_url: { url, ...(detail === undefined ? {} : { detail }) }, ...marked }
  }
  return type === 'input_file' ? { type: 'file', file: {}, ...marked } : part
}

function toolOf(tool: Record<string, unknown>): object {
  const { name, description, parameters, prompt_cache_breakpoint: mark } = tool
  return {
    type: 'function',
    ...(mark === undefined ? {} : { prompt_cache_breakpoint: mark }),
    function: { name: name ?? tool.type, description, parameters: parameters ?? undefined },
  }
}

function choiceOf(choice: unknown): unknown {
  if (typeof choice !== 'object' || choice === null || !('name' in choice)) return choice
  return { type: 'function', function: { name: choice.name } }
}
