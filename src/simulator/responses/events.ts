import type { Completion } from '../chat.ts'
import type { Step, Steps } from '../steps.ts'
import { piecesOf } from '../tokens.ts'
import { BROKEN } from '../wire-error.ts'
import type { OutputItem, ResponseObject } from './answer.ts'

/** A response as a stream of events in the vendor's order, one delta per token. There is no `[DONE]`. */
export function* events(response: ResponseObject, completion: Completion): Steps {
  let sequence = 0
  const event = (type: string, rest: object, tokens = 0): Step => {
    const data = JSON.stringify({ type, ...rest, sequence_number: sequence++ })
    return { do: 'write', bytes: Buffer.from(`event: ${type}\ndata: ${data}\n\n`), tokens }
  }
  const begun = { ...response, status: 'in_progress', output: [], usage: null, incomplete_details: null }
  yield event('response.created', { response: begun })
  yield event('response.in_progress', { response: begun })
  for (const [index, item] of response.output.entries()) {
    yield event('response.output_item.added', { output_index: index, item: begunItem(item) })
    const where = { item_id: item.id, output_index: index }
    if (item.type === 'message') yield* message(event, where, completion)
    else if (item.type === 'function_call') yield* call(event, where, item)
    yield event('response.output_item.done', { output_index: index, item })
  }
  yield event(`response.${response.status}`, { response })
}

/** The event for an answer that failed. */
export function errorEvent(): string {
  const { message, param } = BROKEN
  const data = { type: 'error', code: 'server_error', message, param, sequence_number: 3 }
  return `event: error\ndata: ${JSON.stringify(data)}\n\n`
}

type Emit = (type: string, rest: object, tokens?: number) => Step

function begunItem(item: OutputItem): object {
  if (item.type === 'message') return { ...item, status: 'in_progress', content: [] }
  return item.type === 'function_call' ? { ...item, status: 'in_progress', arguments: '' } : item
}

function* message(event: Emit, where: object, { choices }: Completion): Steps {
  const at = { ...where, content_index: 0 }
  const pieces = choices[0]?.pieces ?? []
  const part = { type: 'output_text', annotations: [], logprobs: [], text: '' }
  yield event('response.content_part.added', { ...at, part })
  for (const delta of pieces) yield event('response.output_text.delta', { ...at, delta, logprobs: [] }, 1)
  const text = pieces.join('')
  yield event('response.output_text.done', { ...at, text, logprobs: [] })
  yield event('response.content_part.done', { ...at, part: { ...part, text } })
}

function* call(event: Emit, where: object, item: OutputItem): Steps {
  const whole = String(item.arguments)
  for (const delta of piecesOf(whole))
    yield event('response.function_call_arguments.delta', { ...where, delta }, 1)
  yield event('response.function_call_arguments.done', { ...where, arguments: whole })
}
