import { z } from 'zod'
import { listOf, readBody } from './request-body.ts'

const Item = z.looseObject({
  type: z.string().nullish(),
  role: z.string().nullish(),
  content: z.unknown().optional(),
})
export type Item = z.infer<typeof Item>

const unread = z.unknown().optional()

/** It goes into the ledger, refused or not. */
const LONGEST_MODEL_NAME = 256

export const ResponsesRequest = z.object({
  model: z.string().min(1).max(LONGEST_MODEL_NAME).nullish(),
  input: z.union([z.string(), listOf(Item)], { error: 'must be a string or a list of items' }).nullish(),
  instructions: unread,
  stream: z.boolean().nullish(),
  /** 0 counts as none, as in a chat. */
  max_output_tokens: z.int().min(0).nullish(),
  temperature: z.number().nullish(),
  top_p: z.number().nullish(),
  top_logprobs: z.int().min(0).nullish(),
  tools: listOf(z.looseObject({ type: z.string() })).nullish(),
  tool_choice: unread,
  max_tool_calls: z.int().min(0).nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  text: z.looseObject({ format: z.looseObject({ type: z.string() }).nullish() }).nullish(),
  reasoning: z.looseObject({ effort: z.string().nullish() }).nullish(),
  include: listOf(z.string()).nullish(),
  previous_response_id: z.string().nullish(),
  conversation: unread,
  prompt: unread,
  background: z.boolean().nullish(),
  service_tier: z.string().nullish(),
})

/** The fields of a Responses request that this program reads. Everything else lives in the body's bytes only. */
export type ResponsesRequest = z.infer<typeof ResponsesRequest>

/** Reads a Responses request from its body. Throws as `readBody` does. */
export function readResponsesRequest(body: Buffer): ResponsesRequest {
  return readBody(ResponsesRequest, body)
}

/** The items of the input; a string has none. */
export function itemsOf({ input }: ResponsesRequest): readonly Item[] {
  return typeof input === 'object' && input !== null ? input : []
}
