import { z } from 'zod'
import { LONGEST_MODEL_NAME } from '../base/model-name.ts'
import { isPlainChat } from './plain-chat.ts'
import { listOf, readBody } from './request-body.ts'

// Only what routing, bounds and relaying read is validated. Other fields are neither inspected nor dropped,
// since the body's own bytes go upstream. `null` counts as absent, as it does for OpenAI.

const ContentPart = z.looseObject({ type: z.string() })

const Message = z.looseObject({
  role: z.string(),
  content: z
    .union([z.string(), listOf(ContentPart)], {
      error: 'must be a string or a list of content parts, each with a type',
    })
    .nullish(),
})

/** A cap of 0 means none: some clients send it for an unset field. */
const tokens = z.int().min(0).nullish()
const unread = z.unknown().optional()

export const ChatRequest = z.object({
  model: z.string().min(1).max(LONGEST_MODEL_NAME),
  messages: listOf(Message).refine((list) => list.length > 0, 'must not be empty'),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  max_tokens: tokens,
  max_completion_tokens: tokens,
  n: z.int().min(1).max(128).nullish(),
  temperature: z.number().nullish(),
  top_p: z.number().nullish(),
  presence_penalty: z.number().nullish(),
  frequency_penalty: z.number().nullish(),
  stop: z
    .union([z.string(), listOf(z.string())], { error: 'must be a string or a list of strings' })
    .nullish(),
  tools: z.array(z.unknown()).nullish(),
  tool_choice: unread,
  parallel_tool_calls: z.boolean().nullish(),
  functions: z.array(z.unknown()).nullish(),
  function_call: unread,
  response_format: z.looseObject({ type: z.string() }).nullish(),
  logprobs: z.boolean().nullish(),
  top_logprobs: z.int().min(0).nullish(),
  logit_bias: z.record(z.string(), z.unknown()).nullish(),
  modalities: listOf(z.string()).nullish(),
  audio: unread,
  prediction: unread,
  reasoning_effort: z.string().nullish(),
  service_tier: z.string().nullish(),
  store: z.boolean().nullish(),
  web_search_options: unread,
})

/** The fields of a chat request this program reads. Everything else exists only in the body's bytes. */
export type ChatRequest = z.infer<typeof ChatRequest>

/** Reads a chat request from its body. Throws as `readBody` does. */
export function readChatRequest(body: Buffer): ChatRequest {
  return readBody(ChatRequest, body, isPlainChat)
}
