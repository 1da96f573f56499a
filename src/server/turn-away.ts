import type { IncomingMessage } from 'node:http'
import type { FastifyRequest } from 'fastify'
import { type Failure, failureOf } from '../base/failure.ts'
import { identify } from '../flow/admit.ts'
import type { Ports } from '../flow/ports.ts'
import { expectationOf, isForContinue } from './expectation.ts'

type Known = Pick<Ports, 'live' | 'clock'>

/**
 * Why a request is refused by its headers alone; undefined if it may go on. For a large or unusual request
 * the key is checked first. `maxBodyBytes`: the limit for a body that is always read; undefined if that is
 * decided later.
 */
export function turnAway(
  ports: Known,
  request: FastifyRequest,
  maxBodyBytes: number | undefined,
): Failure | undefined {
  if (lacksHost(request.raw)) return NO_HOST
  const expectation = expectationOf(request.raw)
  const isSocket = isWebSocket(request)
  if (expectation === undefined && !isSocket && !isLarge(request)) return undefined
  const unknown = whyUnknown(ports, request)
  if (unknown !== undefined) return unknown
  if (isSocket) return NO_WEBSOCKET
  if (expectation === undefined) return undefined
  if (!isForContinue(expectation)) {
    return { code: 'expectation_failed', expectation: expectation.slice(0, MOST_TOLD) }
  }
  if (maxBodyBytes === undefined || lengthOf(request) <= maxBodyBytes) return undefined
  return { code: 'body_too_large', limitBytes: maxBodyBytes }
}

/** Why the key is refused; undefined for a valid one. */
export function whyUnknown(ports: Known, { headers }: FastifyRequest): Failure | undefined {
  try {
    identify(ports.live().runtime, headers, ports.clock.now())
    return undefined
  } catch (thrown) {
    return failureOf(thrown)
  }
}

/** Larger bodies are read for a known key only; otherwise anybody could fill the memory. */
const FREE_BYTES = 65_536

/** By its declared length, or because it may grow beyond it. */
function isLarge(request: FastifyRequest): boolean {
  const { headers } = request
  const isUnsaid = headers['transfer-encoding'] !== undefined || headers['content-encoding'] !== undefined
  return isUnsaid || lengthOf(request) > FREE_BYTES
}

function lengthOf({ headers }: FastifyRequest): number {
  return Number(headers['content-length'] ?? 0)
}

/** Clients that ask for another upgrade (`h2c`, for one) work without it. */
function isWebSocket({ headers: { upgrade } }: FastifyRequest): boolean {
  return upgrade !== undefined && upgrade.toLowerCase() === 'websocket'
}

/** HTTP/1.1 demands one (RFC 9112 section 3.2). Node would refuse as well, but with no word about why. */
function lacksHost({ headers, httpVersion }: IncomingMessage): boolean {
  return headers.host === undefined && httpVersion === '1.1'
}

const NO_HOST: Failure = {
  code: 'invalid_request',
  detail: 'the request has no Host header, which HTTP/1.1 requires',
  param: null,
}

const NO_WEBSOCKET: Failure = {
  code: 'invalid_request',
  detail: 'this proxy does not support WebSocket; send POST /v1/responses, with "stream": true to get events',
  param: null,
}

/** Longest part of a header quoted in a message. */
const MOST_TOLD = 100
