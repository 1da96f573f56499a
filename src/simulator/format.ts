import type { Completion } from './chat.ts'
import { completionBody } from './chat.ts'
import { type ChatRequest, readChatRequest } from './chat-request.ts'
import { chatRefusal } from './model-rules.ts'
import type { SimulatedModel } from './models.ts'
import type { Random } from './random.ts'
import { frames } from './sse.ts'
import type { Steps } from './steps.ts'
import { BROKEN, type WireError } from './wire-error.ts'

/** How one endpoint asks and is answered. Models, their rules, faults and bills are the same for all. */
export interface Format {
  /** What stands in a stream where its answer failed. */
  readonly errorFrame: string
  read(body: unknown): Question | { readonly error: WireError }
  /** What the model refuses about a request; undefined when it takes it. */
  refusal(request: ChatRequest, model: SimulatedModel): WireError | undefined
}

/** A request as the chat it comes to, and how its answer is written. */
export interface Question {
  readonly request: ChatRequest
  /** The rules speak of a chat's fields; this says it in the endpoint's own. */
  inOwnWords(error: WireError): WireError
  answer(completion: Completion, random: Random): Written
}

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
