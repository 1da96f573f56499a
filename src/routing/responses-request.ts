import { z } from 'zod'
import { membersOf, membersOfElements, rootOf } from '../base/json-span.ts'
import { LONGEST_MODEL_NAME } from '../base/model-name.ts'
import { listOf, readBody } from './request-body.ts'
import { requireOnce } from './said-once.ts'

export const Item = z.looseObject({
  type: z.string().nullish(),
  role: z.string().nullish(),
  content: z.unknown().optional(),
})
export type Item = z.infer<typeof Item>

const unread = z.unknown().optional()

export const ResponsesRequest = z.object({
  model: z.string().min(1).max(LONGEST_MODEL_NAME).nullish(),
  input: z.union([z.string(), listOf(Item)], { error: 'must be a string or a list of items' }).nullish(),
  instructions: unread,
  stream: z.boolean().nullish(),
  /** 0 means none, as for a chat. */
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
  conversation: z
    .union([z.string(), z.looseObject({ id: z.string() })], {
      error: 'must be an id, or an object with an id',
    })
    .nullish(),
  prompt: unread,
  background: z.boolean().nullish(),
  service_tier: z.string().nullish(),
})

/** The fields of a Responses request this program reads. Everything else exists only in the body's bytes. */
export type ResponsesRequest = z.infer<typeof ResponsesRequest>

/** Of each of these, only the occurrence that was read is sent, and no look-alike. */
export const READ_FIELDS: ReadonlySet<string> = new Set(Object.keys(ResponsesRequest.shape))

/**
 * Reads a Responses request from its body. Throws whatever `readBody` throws, and `invalid_request` if a
 * reference to upstream state is ambiguous: ownership is checked for one reading only.
 */
export function readResponsesRequest(body: Buffer): ResponsesRequest {
  const request = readBody(ResponsesRequest, body)
  const { conversation, input } = request
  const isItems = typeof input === 'object' && input !== null
  if (!isItems && typeof conversation !== 'object') return request
  const members = membersOf(body, rootOf(body))
  const last = (name: string) => members.findLast(({ key }) => key === name)?.start
  const conversationAt = last('conversation')
  if (typeof conversation === 'object' && conversation !== null && conversationAt !== undefined) {
    requireOnce(membersOf(body, conversationAt), ID, () => 'conversation')
  }
  const inputAt = last('input')
  if (isItems && inputAt !== undefined) requireItemsOnce(body, inputAt, 'input')
  return request
}

/** The members that show whether an item is a reference, to what, and which tools it brings along. */
const TELLING = [...Object.keys(Item.shape), 'id', 'encrypted_content', 'result', 'tools']
const ID = ['id']

/**
 * Requires each item of the list at offset `open` to state its references once. Throws `invalid_request`
 * naming the first that does not.
 */
export function requireItemsOnce(body: Buffer, open: number, param: string): void {
  membersOfElements(body, open).forEach((members, index) => {
    requireOnce(members, TELLING, () => `${param}[${index}]`)
  })
}

/** The input items; a string input has none. */
export function itemsOf({ input }: ResponsesRequest): readonly Item[] {
  return typeof input === 'object' && input !== null ? input : []
}
