import { z } from 'zod'
import { membersOf, membersOfElements, rootOf } from '../base/json-span.ts'
import { listOf, readBody } from './request-body.ts'
import { requireOnce } from './said-once.ts'

export const Item = z.looseObject({
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
  conversation: z
    .union([z.string(), z.looseObject({ id: z.string() })], {
      error: 'must be an id, or an object with an id',
    })
    .nullish(),
  prompt: unread,
  background: z.boolean().nullish(),
  service_tier: z.string().nullish(),
})

/** The fields of a Responses request that this program reads. Everything else lives in the body's bytes only. */
export type ResponsesRequest = z.infer<typeof ResponsesRequest>

/** Of each of them, what is sent has the occurrence that was read and no look-alike. */
export const READ_FIELDS: ReadonlySet<string> = new Set(Object.keys(ResponsesRequest.shape))

/**
 * Reads a Responses request from its body. Throws as `readBody` does, and `invalid_request` where what it leans on could
 * be read in two ways: whose that is was asked of one of them only.
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

/** What tells whether an item is a reference, and to what, and which tools it brings along. */
const TELLING = [...Object.keys(Item.shape), 'id', 'encrypted_content', 'result', 'tools']
const ID = ['id']

/** Each item of the list that opens at `open` says once what it leans on; throws `invalid_request` naming the one that does not. */
export function requireItemsOnce(body: Buffer, open: number, param: string): void {
  membersOfElements(body, open).forEach((members, index) => {
    requireOnce(members, TELLING, () => `${param}[${index}]`)
  })
}

/** The items of the input; a string has none. */
export function itemsOf({ input }: ResponsesRequest): readonly Item[] {
  return typeof input === 'object' && input !== null ? input : []
}
