import { fail } from '../base/failure.ts'
import { type ChatRequest, readChatRequest } from '../routing/chat-request.ts'
import { type Needs, needsOf } from '../routing/needs.ts'
import { headerOf } from './exchange.ts'
import type { Trip } from './trip.ts'

/** A request that makes sense as far as this program reads it. */
export interface Parsed {
  readonly request: ChatRequest
  /** The bytes it was read from, which are what goes upstream. */
  readonly body: Buffer
  readonly needs: Needs
}

/** Checks the fields that are read and keeps every byte of the rest. Throws `invalid_json`, `invalid_request`. */
export function parse(trip: Trip): Parsed {
  const { body, headers } = trip.exchange
  const encoding = headerOf(headers, 'content-encoding')
  if (encoding !== undefined && encoding !== 'identity') {
    fail({
      code: 'invalid_json',
      detail: `it is compressed (content-encoding: ${encoding}); send it as it is`,
    })
  }
  const request = readChatRequest(body)
  trip.requestedModel = request.model
  trip.stream = request.stream ?? false
  return { request, body, needs: needsOf(request, body.length) }
}
