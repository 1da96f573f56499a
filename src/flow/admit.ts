import { hash } from 'node:crypto'
import { type Failure, fail } from '../base/failure.ts'
import { type Full, isFull } from '../limits/limiter.ts'
import { type Exchange, headerOf } from './exchange.ts'
import type { Ports } from './ports.ts'
import type { Runtime } from './runtime.ts'
import type { Key } from './team.ts'
import type { Trip } from './trip.ts'

/** An authenticated caller, with a slot and one request taken from the limits of its key and team. */
export interface Admitted {
  readonly key: Key
  /** The client's own key, when it is forwarded upstream (`auth: passthrough`). */
  readonly bearer: string | undefined
}

/**
 * Authenticates the caller and applies its limits. Throws `invalid_api_key`, `endpoint_not_allowed`,
 * `rate_limit_exceeded` and, during shutdown, `draining`.
 */
export async function admit(ports: Ports, trip: Trip): Promise<Admitted> {
  if (ports.draining()) fail({ code: 'draining' })
  const admitted = identify(trip.live.runtime, trip.exchange.headers, trip.at)
  const { key } = admitted
  trip.key = key
  if (!key.team.endpoints.has(trip.endpoint)) fail(notAllowed(trip, key.team.name))
  const askedAt = ports.clock.elapsed()
  const slot = await ports.limiter.admit([key.team.subject, key.subject])
  ports.observer.decided('limits', ports.clock.elapsed() - askedAt)
  if (isFull(slot)) fail(fullFailure(slot, 1))
  trip.slot = slot
  return admitted
}

/** Unknown paths cannot be listed as an endpoint by name, so clients see them as nonexistent. */
function notAllowed({ endpoint, exchange: { method, path } }: Trip, team: string): Failure {
  if (endpoint === 'other') return { code: 'unknown_url', method, path: path.slice(0, MOST_TOLD), team }
  return { code: 'endpoint_not_allowed', endpoint, team }
}

/** Longest part of a path quoted in a message. */
const MOST_TOLD = 200

/** Finds the key's owner. Keys are stored only as hashes. */
export function identify(runtime: Runtime, headers: Exchange['headers'], now: number): Admitted {
  const presented = presentedKey(headers)
  if (presented === undefined) fail({ code: 'invalid_api_key', reason: 'missing' })
  if (runtime.auth === 'passthrough') return { key: runtime.passthroughKey, bearer: presented }
  const key = runtime.keyOf(hash('sha256', presented, 'hex'))
  if (key === undefined) fail({ code: 'invalid_api_key', reason: 'unknown' })
  if (key.expiresAt !== undefined && key.expiresAt <= now) {
    fail({ code: 'invalid_api_key', reason: 'expired' })
  }
  return { key, bearer: undefined }
}

/** Keys may contain blanks: their owners choose them. */
function presentedKey(headers: Exchange['headers']): string | undefined {
  const authorization = headerOf(headers, 'authorization')
  const bearer = authorization === undefined ? undefined : /^bearer[ \t]+(\S.*)$/i.exec(authorization)?.[1]
  const key = bearer?.trimEnd() ?? headerOf(headers, 'api-key')
  return key === '' ? undefined : key
}

/** The failure for a full window; `need` is what the request asked of it. */
export function fullFailure(full: Full, need: number): Failure {
  const { subject: scope, limit } = full
  if (full.never) return { code: 'request_too_large', scope, limit, need }
  return { code: 'rate_limit_exceeded', scope, kind: full.full, limit, retryAfterMs: full.retryAfterMs }
}
