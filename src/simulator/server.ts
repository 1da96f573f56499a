import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type Clock, systemClock } from '../base/clock.ts'
import { edgeHeaders } from './answer-headers.ts'
import { Bill } from './bill.ts'
import type { OpenCall, RecordedCall } from './call.ts'
import { converse, type Script, type Stage } from './exchange.ts'
import { chatFormat } from './format.ts'
import { Gate } from './gate.ts'
import { listing, MODELS, modelNamed, type SimulatedModel } from './models.ts'
import { PromptCache } from './prompt-cache.ts'
import { hashOf, randomFrom } from './random.ts'
import { responsesFormat } from './responses/format.ts'
import { keptAnswer } from './responses/kept.ts'
import { ResponseStore } from './responses/store.ts'
import { Shelf } from './surface/shelf.ts'
import { surface } from './surface/surface.ts'
import type { Billing, Count } from './usage.ts'
import { errorBody, missingKey, ownFault, unlistedModel, type WireError, wrongKey } from './wire-error.ts'

/** How a simulator behaves; by default like the vendor's API. */
export interface SimulatorOptions {
  /** 0, the default, picks a free one. */
  readonly port?: number
  readonly models?: readonly SimulatedModel[]
  readonly script?: Script
  readonly clock?: Clock
  readonly bills?: Billing
  /**
   * Counts prompt tokens where they are not billed by bytes; absent: an approximation of the vendor's count.
   */
  readonly tokens?: Count
  readonly seed?: number
  /** The only key accepted; absent: any key. */
  readonly apiKey?: string
}

/** A running stand-in for the vendor's API, on the loopback interface. */
export interface Simulator {
  /** Ends in `/v1`. */
  readonly baseUrl: string
  /** Every request since the start or the last `reset`, oldest first. */
  readonly calls: readonly RecordedCall[]
  /** The sum of all bills in nano-dollars, or one model's (by its alias). */
  billedNanoUsd(model?: string): number
  /** Replaces the script. */
  follow(script: Script): void
  /** Lets this many paused answers continue, or the next ones pass. */
  release(times?: number): void
  /** Resolves when no call is in flight; every bill is then final. */
  idle(): Promise<void>
  /** Forgets calls, bills, caches and releases; calls in flight are no longer recorded. */
  reset(): void
  close(): Promise<void>
}

/**
 * Starts a simulator. The same seed and the same requests in the same order give the same answers, except for
 * timestamps.
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const clock = options.clock ?? systemClock
  const models = options.models ?? MODELS
  const calls: OpenCall[] = []
  const inFlight = new Set<Promise<void>>()
  const shelf = new Shelf()
  let script: Script = options.script ?? (() => undefined)
  const stage: Stage = {
    models,
    script: () => script,
    clock,
    billing: options.bills ?? 'typical',
    tokens: options.tokens,
    seed: options.seed ?? 1,
    gate: new Gate(),
    bill: new Bill(),
    cache: new PromptCache(),
    granted: new Map(),
  }

  const kept = new ResponseStore()
  const responses = responsesFormat(kept)

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = await record(request, calls, clock)
    const path = call.path.split('?')[0] ?? ''
    const denied = denial(request, options.apiKey)
    if (denied !== undefined) send(response, call, denied.status, errorBody(denied))
    else if (path === '/v1/chat/completions' && call.method === 'POST')
      await converse(stage, chatFormat, call, request, response)
    else if (path === '/v1/responses' && call.method === 'POST')
      await converse(stage, responses, call, request, response)
    else if (path.startsWith('/v1/responses/')) {
      const { status, body } = keptAnswer(call, kept)
      send(response, call, status, body)
    } else if (path.startsWith('/v1/models') && call.method === 'GET') {
      const { status, body } = modelsAnswer(path, models)
      send(response, call, status, body)
    } else {
      const now = Math.floor(clock.now() / 1000)
      const random = randomFrom(hashOf(call.body, stage.seed + call.index))
      await surface({ call, shelf, bill: stage.bill, random, now }, response)
    }
  }

  const server = createServer((request, response) => {
    const done = answer(request, response)
      .catch((error: unknown) => {
        if (response.headersSent) response.destroy()
        else response.writeHead(500, { 'content-type': 'application/json' }).end(errorBody(ownFault(error)))
      })
      .finally(() => {
        inFlight.delete(done)
      })
    inFlight.add(done)
  })
  server.keepAliveTimeout = 75_000
  server.requestTimeout = 0
  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : options.port

  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    calls,
    billedNanoUsd: (model) => stage.bill.total(model),
    follow(next) {
      script = next
    },
    release: (times) => stage.gate.release(times),
    async idle() {
      while (inFlight.size > 0) await Promise.all(inFlight)
    },
    reset() {
      calls.length = 0
      stage.bill.clear()
      stage.cache.clear()
      stage.gate.clear()
      stage.granted.clear()
      shelf.clear()
      kept.clear()
    },
    async close() {
      server.close()
      server.closeAllConnections()
      await Promise.all(inFlight)
    },
  }
}

async function record(request: IncomingMessage, calls: OpenCall[], clock: Clock): Promise<OpenCall> {
  const startedAt = clock.elapsed()
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const body = Buffer.concat(chunks)
  const call: OpenCall = {
    index: calls.length,
    method: request.method ?? '',
    path: request.url ?? '',
    headers: request.headers,
    body,
    parsed: parse(body),
    startedAt,
    status: undefined,
    endedAt: undefined,
    abortedAt: undefined,
    ending: undefined,
    usage: undefined,
    billedNanoUsd: 0,
  }
  calls.push(call)
  return call
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    return undefined
  }
}

function denial(request: IncomingMessage, apiKey: string | undefined): WireError | undefined {
  const header = request.headers['api-key']
  const key = typeof header === 'string' ? header : request.headers.authorization?.replace(/^Bearer\s+/i, '')
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
