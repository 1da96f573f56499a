import type { FastifyRequest } from 'fastify'
import { type Failure, failureOf } from '../base/failure.ts'
import { identify } from '../flow/admit.ts'
import type { Ports } from '../flow/ports.ts'
import { expectationOf, isForContinue } from './expectation.ts'

type Known = Pick<Ports, 'live' | 'clock'>

/**
 * Why nothing more is heard of a request, from its head alone; undefined for one that may go on. Of whoever is large or
 * asks for something out of the ordinary, the key comes first. `maxBodyBytes`: of a body that is read whatever becomes of
 * it; undefined where that is decided later.
 */
export function turnAway(
  ports: Known,
  request: FastifyRequest,
  maxBodyBytes: number | undefined,
): Failure | undefined {
  const expectation = expectationOf(request.raw)
  const isSocket = isWebSocket(request)
  if (expectation === undefined && !isSocket && !isLarge(request)) return undefined
  try {
    identify(ports.live().runtime, request.headers, ports.clock.now())
  } catch (thrown) {
    return failureOf(thrown)
  }
  if (isSocket) return NO_WEBSOCKET
  if (expectation === undefined) return undefined
  if (!isForContinue(expectation)) {
    return { code: 'expectation_failed', expectation: expectation.slice(0, MOST_TOLD) }
  }
  if (maxBodyBytes === undefined || lengthOf(request) <= maxBodyBytes) return undefined
  return { code: 'body_too_large', limitBytes: maxBodyBytes }
}

/** Larger bodies are read for a known key only, or anybody could fill the memory. */
const FREE_BYTES = 65_536

/** By what it says, or by what it may grow to. */
function isLarge(request: FastifyRequest): boolean {
  const { headers } = request
  const isUnsaid = headers['transfer-encoding'] !== undefined || headers['content-encoding'] !== undefined
  return isUnsaid || lengthOf(request) > FREE_BYTES
}

function lengthOf({ headers }: FastifyRequest): number {
  return Number(headers['content-length'] ?? 0)
}

/** Others that ask for an upgrade (`h2c`, for one) do well without. */
function isWebSocket({ headers: { upgrade } }: FastifyRequest): boolean {
  return upgrade !== undefined && upgrade.toLowerCase() === 'websocket'
}

const NO_WEBSOCKET: Failure = {
  code: 'invalid_request',
  detail: 'this proxy speaks no WebSocket; send POST /v1/responses, with "stream": true for its events',
  param: null,
}

/** Of a header, in a message. */
const MOST_TOLD = 100
