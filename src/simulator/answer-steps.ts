import { answerHeaders, edgeHeaders } from './answer-headers.ts'
import type { Completion } from './chat.ts'
import type { ChatRequest } from './chat-request.ts'
import type { Fault } from './faults.ts'
import type { Written } from './format.ts'
import type { Random } from './random.ts'
import type { Steps } from './steps.ts'
import { edgePage, errorBody, serverError, unknownModel, type WireError } from './wire-error.ts'

/** The steps of a fault that replaces the answer; undefined for a fault within it. */
export function instead(fault: Fault, model: string, random: Random): Steps | undefined {
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

/** An answer as its request wants it: whole or as a stream. */
export function answerSteps(
  completion: Completion,
  request: ChatRequest,
  written: Written,
  random: Random,
): Steps {
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

/** An error in the vendor's envelope, with its edge's headers. */
export function errorSteps(error: WireError, random: Random, extra: Record<string, string> = {}): Steps {
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
