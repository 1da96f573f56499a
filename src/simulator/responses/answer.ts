import type { Choice, Completion } from '../chat.ts'
import { reasons } from '../models.ts'
import { type Random, word } from '../random.ts'
import type { TokenCount } from '../usage.ts'
import { BROKEN } from '../wire-error.ts'
import type { ResponsesRequest } from './request.ts'

/** A complete response object in the vendor's format. */
export interface ResponseObject {
  readonly id: string
  readonly status: 'queued' | 'in_progress' | 'completed' | 'incomplete' | 'failed'
  readonly output: readonly OutputItem[]
  readonly [name: string]: unknown
}

export interface OutputItem {
  readonly id: string
  readonly type: string
  readonly [name: string]: unknown
}

/** Renders an answer as a response: reasoning if the model has any, then a message or a call. */
export function responseOf(completion: Completion, asked: ResponsesRequest, random: Random): ResponseObject {
  const [choice] = completion.choices
  const reason = choice && CUT_BECAUSE[choice.finish]
  const ended = reason === undefined ? 'completed' : 'incomplete'
  const status = completion.failed ? 'failed' : ended
  return {
    id: `resp_${word(random, 48).toLowerCase()}`,
    object: 'response',
    created_at: completion.created,
    status,
    background: asked.background ?? false,
    error: completion.failed ? { code: 'server_error', message: BROKEN.message } : null,
    incomplete_details: reason === undefined ? null : { reason },
    instructions: asked.instructions ?? null,
    max_output_tokens: asked.max_output_tokens ?? null,
    model: completion.model.dated,
    output: [
      ...(reasons(completion.model) ? [thoughtsOf(asked, random)] : []),
      ...(choice === undefined ? [] : [itemOf(choice, status, random)]),
    ],
    parallel_tool_calls: true,
    previous_response_id: asked.previous_response_id ?? null,
    reasoning: { effort: asked.reasoning?.effort ?? null, summary: null },
    service_tier: 'default',
    store: asked.store ?? true,
    temperature: 1,
    text: { format: asked.text?.format ?? { type: 'text' } },
    tool_choice: asked.tool_choice ?? 'auto',
    tools: asked.tools ?? [],
    top_p: 1,
    truncation: 'disabled',
    usage: completion.failed ? null : usageOf(completion.count),
    metadata: {},
  }
}

/** Why an answer is incomplete, by the corresponding finish reason of a chat. */
const CUT_BECAUSE: Readonly<Partial<Record<Choice['finish'], string>>> = {
  length: 'max_output_tokens',
  content_filter: 'content_filter',
}

function thoughtsOf(asked: ResponsesRequest, random: Random): OutputItem {
  const sealed = asked.include?.includes('reasoning.encrypted_content')
  const thoughts = sealed ? { encrypted_content: `gAAAAA${word(random, 64)}` } : {}
  return { id: `rs_${word(random, 48).toLowerCase()}`, type: 'reasoning', summary: [], ...thoughts }
}

function itemOf(choice: Choice, status: string, random: Random): OutputItem {
  const call = choice.toolCall
  if (call !== undefined) {
    return {
      id: `fc_${word(random, 48).toLowerCase()}`,
      type: 'function_call',
      status,
      arguments: call.arguments,
      call_id: call.id,
      name: call.name,
    }
  }
  const text = choice.pieces.join('')
  return {
    id: `msg_${word(random, 48).toLowerCase()}`,
    type: 'message',
    status,
    content: [{ type: 'output_text', annotations: [], logprobs: [], text }],
    role: 'assistant',
  }
}

function usageOf({ prompt, cached, completion, reasoning }: TokenCount): object {
  return {
    input_tokens: prompt,
    input_tokens_details: { cached_tokens: cached },
    output_tokens: completion,
    output_tokens_details: { reasoning_tokens: reasoning },
    total_tokens: prompt + completion,
  }
}
