import type { Completion } from './chat.ts'
import { completionBody } from './chat.ts'
import { type ChatRequest, readChatRequest } from './chat-request.ts'
import { chatRefusal } from './model-rules.ts'
import type { SimulatedModel } from './models.ts'
import type { Random } from './random.ts'
import { frames } from './sse.ts'
import type { Steps } from './steps.ts'
import { BROKEN, type WireError } from './wire-error.ts'

/**
 * The request and response format of one endpoint. Models, their rules, faults and bills are the same for
 * all.
 */
export interface Format {
  /** The frame sent in a stream when its answer failed. */
  readonly errorFrame: string
  read(body: unknown): Question | { readonly error: WireError }
  /** Why the model rejects a request; undefined if it accepts it. */
  refusal(request: ChatRequest, model: SimulatedModel): WireError | undefined
}

/** A request converted to a chat, and how its answer is rendered. */
export interface Question {
  readonly request: ChatRequest
  /** Restates an error about a chat's fields in terms of the endpoint's own. */
  inOwnWords(error: WireError): WireError
  answer(completion: Completion, random: Random): Written
}

/** An answer in the endpoint's own format, whole or as a stream. */
export interface Written {
  body(): string
  frames(): Steps
}

/** `POST /v1/chat/completions`. */
export const chatFormat: Format = {
  errorFrame: `data: ${JSON.stringify({ error: BROKEN })}\n\n`,
  refusal: chatRefusal,
  read(body) {
    const read = readChatRequest(body)
    if ('error' in read) return read
    const { request } = read
    return {
      request,
      inOwnWords: (error) => error,
      answer: (completion, random) => ({
        body: () => completionBody(completion),
        frames: () => frames(completion, request, random),
      }),
    }
  },
}
