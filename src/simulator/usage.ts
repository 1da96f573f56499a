import { type ChatRequest, imagesOf, outputCap, textOf } from './chat-request.ts'
import type { SimulatedModel } from './models.ts'
import { imageTokens, tokensOf } from './tokens.ts'

/**
 * How the simulator counts. `typical`: like the vendor, about. `most`: a vendor that bills the most it ever may, one
 * token for every byte of the prompt and the whole output cap for every answer, hidden reasoning filling what is
 * not seen. Where nothing can be hidden and a stream is cut short, that is what was made of it, and a little ahead.
 */
export type Billing = 'typical' | 'most'

/** Tokens of one request; the parts are inside the wholes. */
export interface TokenCount {
  readonly prompt: number
  readonly cached: number
  readonly completion: number
  readonly reasoning: number
}

/** Tokens around every message, around a name, before the answer, and the first o1 models' hidden overhead. */
const PER_MESSAGE = 3
const PER_NAME = 1
const PRIMING = 3
const FIRST_O1_OVERHEAD = 7

/** Tokens of a text. */
export type Count = (text: string) => number

/** Prompt tokens in the messages and in the function definitions, by bytes where the most is billed, else by `tokens`. */
export function promptTokens(
  request: ChatRequest,
  model: SimulatedModel,
  billing: Billing,
  tokens: Count = tokensOf,
): { readonly messages: number; readonly functions: number } {
  const count: Count = billing === 'most' ? Buffer.byteLength : tokens
  let messages = PRIMING + (model.family === 'first_o1' ? FIRST_O1_OVERHEAD : 0)
  for (const message of request.messages) {
    messages += PER_MESSAGE + 1 + count(textOf(message)) + json(message.tool_calls, count)
    if (message.name !== undefined) messages += PER_NAME + count(message.name)
  }
  for (const image of imagesOf(request))
    messages += imageTokens(image, model, billing === 'most' ? undefined : 4)
  messages += json(request.response_format?.json_schema, count)
  return { messages, functions: json(request.tools, count) + json(request.functions, count) }
}

function json(value: unknown, count: Count): number {
  return value === undefined || value === null ? 0 : count(JSON.stringify(value))
}

/** The longest output a request may be billed for: its cap, once for every answer it asks for. */
export function mostCompletion(request: ChatRequest, model: SimulatedModel): number {
  return outputCap(request, model.maxOutput) * (request.n ?? 1)
}

/** What the tokens cost, in nano-dollars. Whole: every price is a whole number of nano-dollars per token. */
export function costOf(count: TokenCount, { price }: SimulatedModel): number {
  return (
    (count.prompt - count.cached) * price.input +
    count.cached * price.cachedInput +
    count.completion * price.output
  )
}

/** The `usage` object of an answer, as the vendor writes it. */
export function usageObject({ prompt, cached, completion, reasoning }: TokenCount): object {
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: cached, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: reasoning,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  }
}
