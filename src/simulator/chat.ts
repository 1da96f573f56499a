import { answerTo } from './answers.ts'
import { type ChatRequest, outputCap, questionOf, type Tool } from './chat-request.ts'
import { reasons, type SimulatedModel } from './models.ts'
import { type Random, word } from './random.ts'
import { sampleOf } from './sample.ts'
import { piecesOf } from './tokens.ts'
import { type Billing, mostCompletion, promptTokens, type TokenCount, usageObject } from './usage.ts'

export interface ToolCall {
  readonly id: string
  readonly name: string
  readonly arguments: string
}

/** One answer. Its text is the concatenation of `pieces`, each of which is one token. */
export interface Choice {
  readonly pieces: readonly string[]
  readonly toolCall: ToolCall | undefined
  readonly finish: 'stop' | 'length' | 'tool_calls' | 'content_filter'
}

/** A model's answer to a request, before it is rendered as JSON or as a stream. */
export interface Completion {
  readonly id: string
  readonly created: number
  readonly model: SimulatedModel
  readonly fingerprint: string
  readonly choices: readonly Choice[]
  readonly logprobs: boolean
  readonly failed: boolean
  readonly count: TokenCount
}

/** What a script may specify about an answer. */
export interface Wording {
  /** A text, or pieces that are one token and one chunk each. */
  readonly answer?: string | readonly string[]
  readonly reasoningTokens?: number
  /**
   * Nothing is said: a filter removed it; or for no reason at all, in which case there is no choice either;
   * or the model failed, which only the Responses API can express.
   */
  readonly withheld?: 'filtered' | 'unsaid' | 'failed'
  /** Calls a tool whatever the question is. */
  readonly callTool?: boolean
}

/** What an answer depends on besides its request. */
export interface Setting {
  readonly random: Random
  /** Seconds since the epoch. */
  readonly created: number
  readonly billing: Billing
  readonly cachedTokens: (promptTokens: number) => number
}

/** Answers a request that has passed the model's rules. */
export function complete(
  request: ChatRequest,
  model: SimulatedModel,
  wording: Wording,
  { random, created, billing, cachedTokens }: Setting,
): Completion {
  const cap = outputCap(request, model.maxOutput)
  const n = request.n ?? 1
  const thought = wording.reasoningTokens ?? (reasons(model) ? 64 * (1 + Math.floor(random() * 8)) : 0)
  const reasoning = Math.min(thought, cap)
  const length = wording.withheld === 'unsaid' || wording.withheld === 'failed' ? 0 : n
  const choices = Array.from({ length }, () => choose(request, wording, random, cap - reasoning))
  const visible = choices.reduce((sum, choice) => sum + tokensOfChoice(choice), 0)
  const parts = promptTokens(request, model, billing)
  const prompt = Math.min(parts.messages + parts.functions, model.context)
  const completion = billing === 'most' ? mostCompletion(request, model) : visible + reasoning * n
  return {
    id: `chatcmpl-${word(random, 29)}`,
    created,
    model,
    fingerprint: `fp_${word(random, 10).toLowerCase()}`,
    choices,
    logprobs: request.logprobs === true,
    failed: wording.withheld === 'failed',
    count: {
      prompt,
      cached: billing === 'most' ? 0 : cachedTokens(prompt),
      completion,
      reasoning: reasons(model) ? completion - visible : 0,
    },
  }
}

/** Output tokens of an answer that are visible to the client. */
export function tokensOfChoice({ pieces, toolCall }: Choice): number {
  return pieces.length + (toolCall === undefined ? 0 : piecesOf(toolCall.arguments).length)
}

function choose(request: ChatRequest, wording: Wording, random: Random, room: number): Choice {
  if (wording.withheld === 'filtered') return { pieces: [], toolCall: undefined, finish: 'content_filter' }
  const tool = toolToCall(request, wording)
  if (tool !== undefined) {
    const args = JSON.stringify(sampleOf(tool.parameters ?? { type: 'object' }))
    const toolCall = { id: `call_${word(random, 24)}`, name: tool.name, arguments: args }
    return { pieces: [], toolCall, finish: 'tool_calls' }
  }
  const answer = wording.answer ?? textFor(request)
  const pieces = typeof answer === 'string' ? piecesOf(answer) : answer
  if (pieces.length <= room) return { pieces, toolCall: undefined, finish: 'stop' }
  return { pieces: pieces.slice(0, room), toolCall: undefined, finish: 'length' }
}

/** The tool that the request forces, or the one its question mentions; none once a tool has replied. */
function toolToCall(request: ChatRequest, wording: Wording): Tool['function'] {
  const offered = (request.tools ?? []).flatMap((tool) => tool.function ?? [])
  const choice = request.tool_choice ?? 'auto'
  if (typeof choice === 'object') return offered.find(({ name }) => name === choice.function?.name)
  if (choice === 'none' || request.messages.at(-1)?.role === 'tool') return undefined
  if (choice === 'required' || wording.callTool === true) return offered[0]
  const question = questionOf(request).toLowerCase()
  return offered.find(({ name }) =>
    name.split(/[_-]/).some((part) => part.length > 3 && question.includes(part)),
  )
}

function textFor(request: ChatRequest): string {
  const format = request.response_format
  if (format?.type === 'json_schema') return JSON.stringify(sampleOf(format.json_schema?.schema ?? {}))
  if (format?.type === 'json_object') return JSON.stringify({ answer: answerTo(questionOf(request)) })
  return answerTo(questionOf(request))
}

/** The answer as one JSON body, pretty-printed like the vendor's. */
export function completionBody(completion: Completion): string {
  const { id, created, model, fingerprint, choices, count } = completion
  const body = {
    id,
    object: 'chat.completion',
    created,
    model: model.dated,
    choices: choices.map((choice, index) => ({
      index,
      message: {
        role: 'assistant',
        content: choice.toolCall === undefined ? choice.pieces.join('') : null,
        ...(choice.toolCall === undefined ? {} : { tool_calls: [toolCallObject(choice.toolCall)] }),
        refusal: null,
        annotations: [],
      },
      logprobs: completion.logprobs ? { content: choice.pieces.map(logprob), refusal: null } : null,
      finish_reason: choice.finish,
    })),
    usage: usageObject(count),
    service_tier: 'default',
    system_fingerprint: fingerprint,
  }
  return `${JSON.stringify(body, null, 2)}\n`
}

/** A call as the API writes it in a message. */
export function toolCallObject({ id, name, arguments: args }: ToolCall): object {
  return { id, type: 'function', function: { name, arguments: args } }
}

/** One token's entry in `logprobs.content`: a simulator is always almost certain. */
export function logprob(token: string): object {
  return { token, logprob: -0.01, bytes: [...Buffer.from(token)], top_logprobs: [] }
}
