import { Contents, field } from './contents.ts'
import type { Need } from './features.ts'
import { hostedCalls, toolsOf } from './hosted-tools.ts'
import type { Needs } from './needs.ts'
import { type Item, itemsOf, type ResponsesRequest } from './responses-request.ts'
import { type State, stateOf } from './responses-state.ts'

/** What a Responses request requires of the model that serves it, and the upstream state it depends on. */
export interface ResponsesNeeds extends Needs {
  readonly state: State | undefined
}

/** What `request` needs; `bodyBytes` is the length of its body. Bounds are computed as for a chat. */
export function needsOfResponse(request: ResponsesRequest, bodyBytes: number): ResponsesNeeds {
  const state = stateOf(request)
  const hard = fieldsNeeded(request)
  const items = new ItemReader(hard)
  itemsOf(request).forEach((item, index) => {
    items.read(item, `input[${index}]`, index)
  })
  return {
    hard,
    soft: fieldsPreferred(request),
    idle: fieldsIdle(request),
    instructions: items.instructions,
    size: {
      textBytes: bodyBytes - items.dataBytes,
      messages: itemsOf(request).length + 2,
      images: items.images,
      unbounded: items.unbounded || (state?.unseen ?? false),
      readings: 1 + hostedCalls(request),
    },
    choices: 1,
    cap: request.max_output_tokens
      ? { tokens: request.max_output_tokens, by: 'max_output_tokens' }
      : undefined,
    effort: request.reasoning?.effort ?? undefined,
    stream: request.stream ?? false,
    usageAsked: true,
    remoteImages: items.remoteImages,
    audio: hard.some(({ capability }) => capability === 'audio'),
    files: hard.some(({ capability }) => capability === 'files'),
    goesOn: request.background ?? false,
    isModelStored: Boolean(request.prompt) && (request.model ?? 'auto') === 'auto',
    state,
  }
}

/** Fields without which the answer would be a different one. */
function fieldsNeeded(request: ResponsesRequest): Need[] {
  const { text, include, stream } = request
  const hasTools = toolsOf(request).length > 0
  const needs: Need[] = [{ capability: 'responses', param: 'model' }]
  if (stream === true) needs.push({ capability: 'stream', param: 'stream' })
  // Custom tools too: refusals by older models are documented for chats only, so a request that declares them
  // here gets the vendor's own answer.
  if (hasTools) needs.push({ capability: 'response_tools', param: 'tools' })
  if (hasTools && request.parallel_tool_calls === false)
    needs.push({ capability: 'parallel_tool_calls', param: 'parallel_tool_calls' })
  const format = text?.format?.type ?? 'text'
  if (format !== 'text') {
    needs.push({ capability: format === 'json_object' ? 'json_object' : 'json_schema', param: 'text.format' })
  }
  if (request.top_logprobs) needs.push({ capability: 'logprobs', param: 'top_logprobs' })
  else if (include?.includes('message.output_text.logprobs'))
    needs.push({ capability: 'logprobs', param: 'include' })
  return needs
}

/** Fields that modify something absent, and are refused for it. A choice among no tools is not. */
function fieldsIdle(request: ResponsesRequest): readonly string[] {
  const isSaid = typeof request.parallel_tool_calls === 'boolean'
  return isSaid && toolsOf(request).length === 0 ? ['parallel_tool_calls'] : []
}

/**
 * Fields to leave out for targets that refuse them: defaults, hints, and what reasoning models do not accept.
 * `null` is valid in the vendor's schema and asks for nothing, so it stays, as does an empty list of tools.
 */
function fieldsPreferred(request: ResponsesRequest): readonly Need[] {
  const preferred: readonly (Need & { readonly param: keyof ResponsesRequest })[] = [
    { capability: 'sampling', param: 'temperature' },
    { capability: 'sampling', param: 'top_p' },
    { capability: 'reasoning_effort', param: 'reasoning' },
    ...(request.top_logprobs ? [] : [{ capability: 'logprobs', param: 'top_logprobs' } as const]),
    ...(request.parallel_tool_calls === true && toolsOf(request).length > 0
      ? [{ capability: 'parallel_tool_calls', param: 'parallel_tool_calls' } as const]
      : []),
  ]
  return preferred.filter(({ param }) => request[param] !== undefined && request[param] !== null)
}

/** Collects the needs of the input items. */
class ItemReader extends Contents {
  read(item: Item, param: string, index: number): void {
    const { type, role, content } = item
    if (typeof type === 'string' && type !== 'message') {
      if (CALLS.has(type)) this.need('response_tools', `${param}.type`)
      else if (!REFERENCES.has(type)) this.unbounded = true
      this.#parts(item.output, `${param}.output`)
      return
    }
    if (role === 'system' || role === 'developer') this.instructions.push({ index, role })
    this.#parts(content, `${param}.content`)
  }

  #parts(content: unknown, param: string): void {
    if (!Array.isArray(content)) return
    content.forEach((part: unknown, index) => {
      this.#part(part, `${param}[${index}]`)
    })
  }

  #part(part: unknown, param: string): void {
    const type = field(part, 'type')
    if (typeof type === 'string' && WORDS.has(type)) return
    if (type === 'input_image') this.image(field(part, 'image_url'), field(part, 'detail'), param)
    else if (type === 'input_file') this.opaque('files', field(part, 'file_data'), param)
    else if (type === 'input_audio') this.opaque('audio', field(field(part, 'input_audio'), 'data'), param)
    else this.unbounded = true
  }
}

const WORDS: ReadonlySet<string> = new Set(['input_text', 'output_text', 'text', 'refusal', 'summary_text'])
const CALLS: ReadonlySet<string> = new Set([
  'function_call',
  'function_call_output',
  'custom_tool_call',
  'custom_tool_call_output',
])
/** What they refer to is counted with the state (`responses-state.ts`). */
const REFERENCES: ReadonlySet<string> = new Set(['reasoning', 'item_reference'])
