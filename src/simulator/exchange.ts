import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '../base/clock.ts'
import { answerHeaders, edgeHeaders } from './answer-headers.ts'
import { type Bill, charge, chargeAtMost } from './bill.ts'
import type { OpenCall, RecordedCall } from './call.ts'
import { type Completion, complete, type Wording } from './chat.ts'
import { type ChatRequest, questionOf } from './chat-request.ts'
import type { Fault } from './faults.ts'
import type { Format, Written } from './format.ts'
import type { Gate } from './gate.ts'
import { contextError } from './model-rules.ts'
import { modelNamed, type SimulatedModel } from './models.ts'
import { play } from './player.ts'
import type { PromptCache } from './prompt-cache.ts'
import { hashOf, type Random, randomFrom } from './random.ts'
import { faulty, type Steps } from './steps.ts'
import { type Billing, type Count, promptTokens } from './usage.ts'
import { edgePage, errorBody, notJson, serverError, unknownModel, type WireError } from './wire-error.ts'
import { readWish, WISH_HEADER } from './wishes.ts'

/**
 * A script's decision about a request: the wording of the answer, a fault, both, or (undefined) the default.
 */
export interface Act extends Wording {
  readonly fault?: Fault
}
export type Script = (request: ChatRequest, call: RecordedCall) => Act | undefined

/** Shared by all exchanges of one simulator. */
export interface Stage {
  readonly models: readonly SimulatedModel[]
  readonly script: () => Script
  readonly clock: Clock
  readonly billing: Billing
  readonly tokens: Count | undefined
  readonly seed: number
  readonly gate: Gate
  readonly bill: Bill
  readonly cache: PromptCache
  /** How often each wish has been granted, by wish and prompt. */
  readonly granted: Map<string, number>
}

/**
 * Answers a request for text in its endpoint's format; resolves when the client has the answer or has
 * disconnected.
 */
export async function converse(
  stage: Stage,
  format: Format,
  call: OpenCall,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const random = randomFrom(hashOf(call.body, stage.seed + call.index))
  const prepared = prepare(stage, format, call, request.headers[WISH_HEADER], random)
  const { steps, completion, isStream, prompt, finishes } = prepared
  call.usage = completion?.count
  let sent = 0
  const ending = await play(steps, response, stage.gate, (tokens) => {
    sent += tokens
  })
  if (completion !== undefined) {
    const amount =
      stage.billing === 'most'
        ? chargeAtMost(completion, {
            ending,
            isStream,
            prompt,
            headSent: response.headersSent,
            sent,
            finishes,
          })
        : charge(completion, { ending, headSent: response.headersSent, sent })
    stage.bill.add(call, completion, amount)
  }
  call.status = response.headersSent ? response.statusCode : undefined
  call.endedAt = stage.clock.elapsed()
  if (ending === 'client_left') call.abortedAt = call.endedAt
  call.ending = ending
}

const NO_ANSWER = { isStream: false, prompt: 0, finishes: true }

interface Prepared {
  readonly steps: Steps
  readonly completion: Completion | undefined
  readonly isStream: boolean
  /** Prompt tokens as a vendor counts them. */
  readonly prompt: number
  /** Whether no fault keeps the answer from completing. */
  readonly finishes: boolean
}

function prepare(
  stage: Stage,
  format: Format,
  call: OpenCall,
  header: string | string[] | undefined,
  random: Random,
): Prepared {
  const refuse = (error: WireError): Prepared => ({
    steps: errorSteps(error, random),
    completion: undefined,
    ...NO_ANSWER,
  })
  if (call.parsed === undefined) return refuse(notJson())
  const read = format.read(call.parsed)
  if ('error' in read) return refuse(read.error)
  const { request } = read
  const model = modelNamed(stage.models, request.model)
  if (model === undefined) return refuse(unknownModel(request.model))
  const act = actFor(stage, call, request, model, typeof header === 'string' ? header : undefined)
  const early = act.fault === undefined ? undefined : instead(act.fault, request.model, random)
  if (early !== undefined) return { steps: early, completion: undefined, ...NO_ANSWER }
  const refused = format.refusal(request, model)
  if (refused !== undefined) return refuse(read.inOwnWords(refused))
  const size = promptTokens(request, model, 'typical', stage.tokens)
  const tooLong = contextError(request, model, size)
  if (tooLong !== undefined) return refuse(read.inOwnWords(tooLong))
  const completion = complete(request, model, act, {
    random,
    created: Math.floor(stage.clock.now() / 1000),
    billing: stage.billing,
    cachedTokens: (tokens) => stage.cache.lookUp(model.id, request, tokens),
  })
  const steps = answerSteps(completion, request, read.answer(completion, random), random)
  return {
    steps: act.fault === undefined ? steps : faulty(steps, act.fault, format.errorFrame),
    completion,
    isStream: request.stream === true,
    prompt: size.messages + size.functions,
    finishes: act.fault?.kind !== 'early_end' && act.fault?.kind !== 'error_frame',
  }
}

/** The script takes precedence over wishes in the header or prompt. */
function actFor(
  stage: Stage,
  call: OpenCall,
  request: ChatRequest,
  model: SimulatedModel,
  header: string | undefined,
): Act {
  const scripted = stage.script()(request, call)
  if (scripted !== undefined) return scripted
  const question = questionOf(request)
  const wish = readWish(header, question)
  if (wish === undefined || (wish.model !== undefined && wish.model !== model.id)) return {}
  const key = `${wish.words}\n${question}`
  const granted = stage.granted.get(key) ?? 0
  if (granted >= wish.times) return {}
  stage.granted.set(key, granted + 1)
  const { wished } = wish
  if (wished.kind === 'tool') return { callTool: true }
  if (wished.kind === 'giant') return { answer: giant(wished.bytes) }
  return { fault: wished }
}

/** This many bytes in pieces of 16 KiB, each counted as one token: a flood that no output cap stops. */
function giant(bytes: number): readonly string[] {
  const piece = 'all work '.repeat(1821).slice(0, 16_384)
  const whole = Array.from({ length: Math.floor(bytes / piece.length) }, () => piece)
  return [...whole, piece.slice(0, bytes % piece.length)]
}

/** Faults that replace the answer. */
function instead(fault: Fault, model: string, random: Random): Steps | undefined {
  switch (fault.kind) {
    case 'model_not_found':
      return errorSteps(unknownModel(model), random)
    case 'refuse':
      return errorSteps(fault.error, random)
    case 'html':
      return pageSteps(fault.code ?? 502)
    case 'status': {
      const after = fault.retry_after_ms
      const headers = after === undefined ? {} : { 'retry-after-ms': String(after) }
      return errorSteps(serverError(fault.code), random, headers)
    }
    default:
      return undefined
  }
}

function answerSteps(completion: Completion, request: ChatRequest, written: Written, random: Random): Steps {
  const headers = answerHeaders(random, completion.count.prompt)
  if (request.stream !== true) {
    const tokens = completion.count.completion
    return wholeSteps(200, { ...headers, 'content-type': 'application/json' }, written.body(), tokens)
  }
  return streamSteps({ ...headers, 'content-type': 'text/event-stream; charset=utf-8' }, written.frames())
}

function* streamSteps(headers: Record<string, string>, body: Steps): Steps {
  yield { do: 'head', status: 200, headers }
  yield* body
}

function errorSteps(error: WireError, random: Random, extra: Record<string, string> = {}): Steps {
  const headers = { ...edgeHeaders(random), ...extra, 'content-type': 'application/json' }
  return wholeSteps(error.status, headers, errorBody(error))
}

function pageSteps(status: number): Steps {
  return wholeSteps(status, { 'content-type': 'text/html' }, edgePage(status))
}

function wholeSteps(status: number, headers: Record<string, string>, body: string, tokens = 0): Steps {
  return [
    { do: 'head', status, headers },
    { do: 'write', bytes: Buffer.from(body), tokens },
  ]
}
