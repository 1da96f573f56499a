import type { ServerResponse } from 'node:http'
import type { Clock } from '../base/clock.ts'
import { actFor, type Direction } from './act.ts'
import { answerSteps, errorSteps, instead } from './answer-steps.ts'
import { type Bill, charge, chargeAtMost } from './bill.ts'
import type { OpenCall } from './call.ts'
import { type Completion, complete } from './chat.ts'
import type { Format } from './format.ts'
import type { Gate } from './gate.ts'
import { contextError } from './model-rules.ts'
import { modelNamed, type SimulatedModel } from './models.ts'
import { play } from './player.ts'
import type { PromptCache } from './prompt-cache.ts'
import { hashOf, type Random, randomFrom } from './random.ts'
import { faulty, type Steps } from './steps.ts'
import { type Billing, type Count, promptTokens } from './usage.ts'
import { notJson, unknownModel, type WireError } from './wire-error.ts'

/** Shared by all exchanges of one simulator. */
export interface Stage extends Direction {
  readonly models: readonly SimulatedModel[]
  readonly clock: Clock
  readonly billing: Billing
  readonly tokens: Count | undefined
  readonly seed: number
  readonly gate: Gate
  readonly bill: Bill
  readonly cache: PromptCache
}

/**
 * Answers a request for text in its endpoint's format; resolves when the client has the answer or has
 * disconnected.
 */
export async function converse(
  stage: Stage,
  format: Format,
  call: OpenCall,
  response: ServerResponse,
): Promise<void> {
  const random = randomFrom(hashOf(call.body, stage.seed + call.index))
  const prepared = prepare(stage, format, call, random)
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

function prepare(stage: Stage, format: Format, call: OpenCall, random: Random): Prepared {
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
  const act = actFor(stage, call, request, model)
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
