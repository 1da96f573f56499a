import { type ChatRequest, outputCap } from './chat-request.ts'
import type { SimulatedModel } from './models.ts'
import { CHAT_RULES, FAMILY_RULES } from './rules/family-rules.ts'
import { REQUEST_RULES } from './rules/request-rules.ts'
import { invalid, type WireError } from './wire-error.ts'

/** Why the model rejects a request; undefined if it accepts it. `contextError` handles context length. */
export function refusal(request: ChatRequest, model: SimulatedModel): WireError | undefined {
  for (const rule of FAMILY_RULES[model.family]) {
    const error = rule(request, model)
    if (error !== undefined) return error
  }
  for (const rule of REQUEST_RULES) {
    const error = rule(request, model)
    if (error !== undefined) return error
  }
  return undefined
}

/** The same for a chat, which has further restrictions compared with a response. */
export function chatRefusal(request: ChatRequest, model: SimulatedModel): WireError | undefined {
  return refusal(request, model) ?? CHAT_RULES[model.family]?.(request, model)
}

/** The error for a prompt that does not fit the model's context, by itself or with the output it reserves. */
export function contextError(
  request: ChatRequest,
  model: SimulatedModel,
  prompt: { messages: number; functions: number },
): WireError | undefined {
  const total = prompt.messages + prompt.functions
  const answer = outputCap(request, 0)
  if (total + answer <= model.context) return undefined
  const parts = [`${prompt.messages} in the messages`]
  if (prompt.functions > 0) parts.push(`${prompt.functions} in the functions`)
  const isTooLong = total > model.context
  if (!isTooLong) parts.push(`${answer} in the completion`)
  const counts = parts.length > 1 ? ` (${parts.join(', ')})` : ''
  const what = prompt.functions === 0 ? 'messages' : 'messages or functions'
  return invalid(
    isTooLong
      ? `This model's maximum context length is ${model.context} tokens. However, your messages resulted in ${total} tokens${counts}. Please reduce the length of the ${what}.`
      : `This model's maximum context length is ${model.context} tokens. However, you requested ${total + answer} tokens${counts}. Please reduce the length of the ${what} or completion.`,
    'messages',
    'context_length_exceeded',
  )
}
