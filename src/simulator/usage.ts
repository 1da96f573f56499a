import { type ChatRequest, imagesOf, outputCap, textOf } from './chat-request.ts'
import type { SimulatedModel } from './models.ts'
import { imageTokens, tokensOf } from './tokens.ts'

/**
 * How the simulator counts. `typical`: approximately like the vendor. `most`: the most a vendor could ever
 * bill, which is one token per byte of the prompt and the whole output cap for every answer, with hidden
 * reasoning making up for whatever is not visible. For a model that hides nothing and a stream cut short, it
 * is what was generated, plus a little ahead.
 */
export type Billing = 'typical' | 'most'

/** Tokens of one request; `cached` and `reasoning` are included in the totals. */
export interface TokenCount {
  readonly prompt: number
  readonly cached: number
  readonly completion: number
  readonly reasoning: number
}

/**
 * Tokens around every message, around a name and before the answer, and the hidden overhead of the first o1
 * models.
 */
const PER_MESSAGE = 3
const PER_NAME = 1
const PRIMING = 3
const FIRST_O1_OVERHEAD = 7

/** Tokens of a text. */
export type Count = (text: string) => number

/**
 * Prompt tokens of messages and function definitions: one per byte for billing `most`, otherwise counted by
 * `tokens`.
 */
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

/** The longest output a request may be billed for: its cap, once for every answer it requests. */
export function mostCompletion(request: ChatRequest, model: SimulatedModel): number {
  return outputCap(request, model.maxOutput) * (request.n ?? 1)
}

/**
 * The cost of the tokens in nano-dollars: an integer, because every price is an integer number of
 * nano-dollars per token.
 */
export function costOf(count: TokenCount, { price }: SimulatedModel): number {
  return (
    (count.prompt - count.cached) * price.input +
    count.cached * price.cachedInput +
    count.completion * price.output
  )
}

/** The `usage` object of an answer in the vendor's format. */
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
