import type { ServerResponse } from 'node:http'
import { edgeHeaders } from './answer-headers.ts'
import type { OpenCall } from './call.ts'
import { converse, type Stage } from './exchange.ts'
import { chatFormat, type Format } from './format.ts'
import { listing, modelNamed, type SimulatedModel } from './models.ts'
import { hashOf, randomFrom } from './random.ts'
import { keptAnswer } from './responses/kept.ts'
import type { ResponseStore } from './responses/store.ts'
import type { Shelf } from './surface/shelf.ts'
import { surface } from './surface/surface.ts'
import { errorBody, missingKey, unlistedModel, type WireError, wrongKey } from './wire-error.ts'

/** What the endpoints of the API share. */
export interface Vendor {
  readonly stage: Stage
  readonly shelf: Shelf
  readonly kept: ResponseStore
  /** The format of `/v1/responses`, which stores its answers in `kept`. */
  readonly responses: Format
  /** The only key accepted; undefined: any key. */
  readonly apiKey: string | undefined
}

/** Answers a call by its path; resolves when the client has the answer or has disconnected. */
export async function answerCall(vendor: Vendor, call: OpenCall, response: ServerResponse): Promise<void> {
  const { stage, shelf, kept, responses, apiKey } = vendor
  const path = call.path.split('?')[0] ?? ''
  const denied = denial(call, apiKey)
  if (denied !== undefined) send(response, call, denied.status, errorBody(denied))
  else if (path === '/v1/chat/completions' && call.method === 'POST')
    await converse(stage, chatFormat, call, response)
  else if (path === '/v1/responses' && call.method === 'POST')
    await converse(stage, responses, call, response)
  else if (path.startsWith('/v1/responses/')) {
    const { status, body } = keptAnswer(call, kept)
    send(response, call, status, body)
  } else if (path.startsWith('/v1/models') && call.method === 'GET') {
    const { status, body } = modelsAnswer(path, stage.models)
    send(response, call, status, body)
  } else {
    const now = Math.floor(stage.clock.now() / 1000)
    const random = randomFrom(hashOf(call.body, stage.seed + call.index))
    await surface({ call, shelf, bill: stage.bill, random, now }, response)
  }
}

function denial({ headers }: OpenCall, apiKey: string | undefined): WireError | undefined {
  const header = headers['api-key']
  const key = typeof header === 'string' ? header : headers.authorization?.replace(/^Bearer\s+/i, '')
  if (key === undefined || key === '') return missingKey()
  return apiKey === undefined || key === apiKey ? undefined : wrongKey(key)
}

/** `GET /v1/models` and `GET /v1/models/{id}`. */
function modelsAnswer(path: string, models: readonly SimulatedModel[]): { status: number; body: string } {
  if (path === '/v1/models')
    return { status: 200, body: print({ object: 'list', data: models.map(listing) }) }
  const id = decodeURIComponent(path.slice('/v1/models/'.length))
  const model = modelNamed(models, id)
  if (model !== undefined) return { status: 200, body: print(listing(model)) }
  return { status: 404, body: errorBody(unlistedModel(id)) }
}

function print(body: object): string {
  return `${JSON.stringify(body, null, 2)}\n`
}

function send(response: ServerResponse, call: OpenCall, status: number, body: string): void {
  response.writeHead(status, { ...edgeHeaders(randomFrom(call.index)), 'content-type': 'application/json' })
  response.end(body)
  call.status = status
  call.ending = 'finished'
}
