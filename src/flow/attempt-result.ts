import type { Failure } from '../base/failure.ts'
import type { AttemptResult } from './ports.ts'

/** What an upstream's status says about an attempt that got no answer. */
export function resultOfStatus(status: number): AttemptResult {
  if (status === 429) return 'rate_limited'
  return status >= 400 && status < 500 ? 'refused' : 'failed'
}

/** What the failure of an attempt says about it, where there was no status at all. */
export function resultOfFailure({ code }: Failure): AttemptResult {
  if (code === 'client_left') return 'client_left'
  if (code === 'upstream_timeout') return 'timeout'
  return code === 'upstream_unreachable' ? 'unreachable' : 'broken'
}
