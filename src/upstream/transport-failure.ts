import { errors } from 'undici'
import type { Failure } from '../base/failure.ts'
import { isExhaustion } from './local-exhaustion.ts'

/**
 * What an error of undici's means for a call to `target`. Once `isSent`, the upstream may have seen the
 * request. `connectMs` is the limit that a connection had.
 */
export function transportFailure(error: Error, target: string, isSent: boolean, connectMs: number): Failure {
  if (error instanceof errors.ConnectTimeoutError) {
    return { code: 'upstream_timeout', target, phase: 'connect', afterMs: connectMs }
  }
  const detail = 'code' in error && typeof error.code === 'string' ? error.code : error.message
  if (isSent) return { code: 'upstream_broken', target, detail }
  return { code: isExhaustion(error) ? 'out_of_sockets' : 'upstream_unreachable', target, detail }
}
