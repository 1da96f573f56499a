import { once } from 'node:events'
import { createServer } from 'node:http'
import { type Clock, systemClock } from '../base/clock.ts'
import type { Script } from './act.ts'
import { answerCall, type Vendor } from './api.ts'
import { Bill } from './bill.ts'
import { type OpenCall, type RecordedCall, record } from './call.ts'
import type { Stage } from './exchange.ts'
import { Gate } from './gate.ts'
import { MODELS, type SimulatedModel } from './models.ts'
import { PromptCache } from './prompt-cache.ts'
import { responsesFormat } from './responses/format.ts'
import { ResponseStore } from './responses/store.ts'
import { Shelf } from './surface/shelf.ts'
import type { Billing, Count } from './usage.ts'
import { errorBody, ownFault } from './wire-error.ts'

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
  const vendor: Vendor = { stage, shelf, kept, responses: responsesFormat(kept), apiKey: options.apiKey }

  const server = createServer((request, response) => {
    const done = record(request, calls, clock)
      .then((call) => answerCall(vendor, call, response))
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
