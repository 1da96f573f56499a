import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { Clock } from '../base/clock.ts'
import type { Ending } from './player.ts'
import type { TokenCount } from './usage.ts'

/** A request the simulator received, and its outcome. Times are milliseconds of the clock's `elapsed`. */
export interface RecordedCall {
  readonly index: number
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  /** The body parsed as JSON; undefined if it is not JSON. */
  readonly parsed: unknown
  readonly startedAt: number
  readonly status: number | undefined
  /** When the last step was done, however the call ended. */
  readonly endedAt: number | undefined
  /** When the client was noticed to have disconnected early. */
  readonly abortedAt: number | undefined
  readonly ending: Ending | undefined
  /** Token counts of the whole answer; undefined for errors. */
  readonly usage: TokenCount | undefined
  /** Billed so far; final once `ending` is set. */
  readonly billedNanoUsd: number
}

/** A call as the simulator modifies it. */
export type OpenCall = { -readonly [K in keyof RecordedCall]: RecordedCall[K] }

/** Reads a request whole and appends it to the calls. */
export async function record(request: IncomingMessage, calls: OpenCall[], clock: Clock): Promise<OpenCall> {
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
