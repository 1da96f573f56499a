import { LONGEST_MODEL_NAME } from '../base/model-name.ts'
import type { ChatRequest } from './chat-request.ts'

type Check = (value: unknown) => boolean

/** Any other value of the field, valid or not, is left to the schema. */
const seldom: Check = () => false
const anything: Check = () => true
const isNumber: Check = Number.isFinite
const isFlag: Check = (value) => typeof value === 'boolean'
const isCount: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0
const isList: Check = Array.isArray

/** Every field of the schema; omitting one does not compile. */
const CHECKS: { readonly [Field in keyof ChatRequest]-?: Check } = {
  model: (value) => typeof value === 'string' && value.length > 0 && value.length <= LONGEST_MODEL_NAME,
  messages: (value) => Array.isArray(value) && value.length > 0 && value.every(isTurn),
  stream: isFlag,
  stream_options: seldom,
  max_tokens: isCount,
  max_completion_tokens: isCount,
  n: seldom,
  temperature: isNumber,
  top_p: isNumber,
  presence_penalty: isNumber,
  frequency_penalty: isNumber,
  stop: (value) => typeof value === 'string',
  tools: isList,
  tool_choice: anything,
  parallel_tool_calls: isFlag,
  functions: isList,
  function_call: anything,
  response_format: seldom,
  logprobs: isFlag,
  top_logprobs: isCount,
  logit_bias: seldom,
  modalities: seldom,
  audio: anything,
  prediction: anything,
  reasoning_effort: (value) => typeof value === 'string',
  service_tier: (value) => typeof value === 'string',
  store: isFlag,
  web_search_options: anything,
}

const CHECK_OF: ReadonlyMap<string, Check> = new Map(Object.entries(CHECKS))

/**
 * Whether a body is a chat request of the usual shape, checked without the schema, which would take longer
 * than the rest of reading it. False is inconclusive: then the schema decides, and words the error.
 */
export function isPlainChat(body: object): body is ChatRequest {
  let required = 0
  for (const field in body) {
    const check = CHECK_OF.get(field)
    if (check === undefined) continue
    const value: unknown = Reflect.get(body, field)
    if (!check(value)) return false
    if (field === 'model' || field === 'messages') required += 1
  }
  return required === 2
}

function isTurn(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('role' in value)) return false
  if (typeof value.role !== 'string') return false
  const content = 'content' in value ? value.content : null
  if (typeof content === 'string' || content === null) return true
  return Array.isArray(content) && content.every(isPart)
}

function isPart(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}
