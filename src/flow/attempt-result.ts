import type { Failure } from '../base/failure.ts'
import type { AttemptResult } from './ports.ts'

/** Classifies an attempt that ended with this error status. */
export function resultOfStatus(status: number): AttemptResult {
  if (status === 429) return 'rate_limited'
  return status >= 400 && status < 500 ? 'refused' : 'failed'
}

/** Classifies an attempt that ended without any status. */
export function resultOfFailure({ code }: Failure): AttemptResult {
  if (code === 'client_left') return 'client_left'
  if (code === 'upstream_timeout') return 'timeout'
  return code === 'upstream_unreachable' ? 'unreachable' : 'broken'
}
