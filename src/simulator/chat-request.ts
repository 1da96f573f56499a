import { z } from 'zod'
import { invalid, type WireError } from './wire-error.ts'

const Part = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  image_url: z.looseObject({ url: z.string(), detail: z.string().optional() }).optional(),
})
export type Part = z.infer<typeof Part>

const Message = z.looseObject({
  role: z.string(),
  content: z.union([z.string(), z.array(Part)]).nullish(),
  name: z.string().optional(),
  tool_calls: z.array(z.unknown()).nullish(),
})
export type ChatMessage = z.infer<typeof Message>

const Schema = z.record(z.string(), z.unknown())

const Tool = z.looseObject({
  type: z.string(),
  function: z
    .looseObject({ name: z.string(), description: z.string().optional(), parameters: Schema.optional() })
    .optional(),
})
export type Tool = z.infer<typeof Tool>

/**
 * The part of a chat completion request that the simulator reads. The model rules check every key present.
 */
export const ChatRequest = z.looseObject({
  model: z.string(),
  messages: z.array(Message),
  stream: z.boolean().nullish(),
  stream_options: z
    .looseObject({ include_usage: z.boolean().optional(), include_obfuscation: z.boolean().optional() })
    .nullish(),
  n: z.int().min(1).max(128).nullish(),
  temperature: z.number().nullish(),
  max_tokens: z.int().nullish(),
  max_completion_tokens: z.int().nullish(),
  tools: z.array(Tool).nullish(),
  tool_choice: z
    .union([z.string(), z.looseObject({ function: z.looseObject({ name: z.string() }).optional() })])
    .nullish(),
  response_format: z
    .looseObject({
      type: z.string(),
      json_schema: z.looseObject({ schema: Schema.optional() }).optional(),
    })
    .nullish(),
  logprobs: z.boolean().nullish(),
})
export type ChatRequest = z.infer<typeof ChatRequest>

/** Parses a JSON body, or describes what is wrong with it in the vendor's words. */
export function readChatRequest(
  body: unknown,
): { readonly request: ChatRequest } | { readonly error: WireError } {
  const result = ChatRequest.safeParse(body)
  if (!result.success) return { error: wrong(body, result.error) }
  if (result.data.messages.length > 0) return { request: result.data }
  const message =
    "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead."
  return { error: invalid(message, 'messages', 'empty_array') }
}

function wrong(body: unknown, error: z.ZodError): WireError {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return invalid('Invalid body: expected an object.', null, null)
  }
  if (!('model' in body)) return invalid('you must provide a model parameter', null, null)
  const [issue] = error.issues
  const path = issue?.path ?? []
  const param = path.map(step).join('').replace(/^\./, '')
  if (!(String(path[0]) in body)) {
    return invalid(`Missing required parameter: '${param}'.`, param, 'missing_required_parameter')
  }
  return invalid(
    `Invalid type for '${param}': ${issue?.message ?? 'unexpected value'}.`,
    param,
    'invalid_type',
  )
}

function step(key: PropertyKey): string {
  return typeof key === 'number' ? `[${key}]` : `.${String(key)}`
}

/** The text of one message, without images and other attachments. */
export function textOf(message: ChatMessage): string {
  if (typeof message.content === 'string') return message.content
  return (message.content ?? []).map((part) => part.text ?? '').join('\n')
}

/** Every image in the messages, in order. */
export function imagesOf(request: ChatRequest): readonly Part[] {
  return request.messages
    .flatMap((message) => (Array.isArray(message.content) ? message.content : []))
    .filter((part) => part.type === 'image_url')
}

/** The last user message's text. */
export function questionOf(request: ChatRequest): string {
  const asked = request.messages.findLast((message) => message.role === 'user')
  return asked === undefined ? '' : textOf(asked)
}

/** The output token limit for one answer: the request's, or else the model's. */
export function outputCap(request: ChatRequest, modelMost: number): number {
  return request.max_completion_tokens ?? request.max_tokens ?? modelMost
}
