import type { Failure } from '../../base/failure.ts'
import type { AttemptResult } from '../ports.ts'

/** Classifies an attempt that ended with this error status. */
export function resultOfStatus(status: number): AttemptResult {
  if (status === 429) return 'rate_limited'
  return status >= 400 && status < 500 ? 'refused' : 'failed'
}

/** Classifies an attempt that ended without any status. */
export function resultOfFailure({ code }: Failure): AttemptResult {
  if (code === 'client_left') return 'client_left'
  if (code === 'upstream_timeout') return 'timeout'
  if (code === 'out_of_sockets') return code
  return code === 'upstream_unreachable' ? 'unreachable' : 'broken'
}

/** For the log: no fault of an upstream's. */
export const OUT_OF_SOCKETS =
  'this process has no socket left to ask an upstream with: raise its limit of open files, or add a replica'
