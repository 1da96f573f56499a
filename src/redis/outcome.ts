import type { Reply } from './connection.ts'
import { TOO_LATE } from './script.ts'

/** The outcome of one call. */
export interface Outcome {
  readonly error: Error | null
  /** Null if there is an error. */
  readonly reply: Reply
}

export const NO_ANSWER = new Error('no answer')

/** The error message for a closed connection and everything in flight on it. */
export const CLOSED = 'the connection was closed'

/**
 * Whether the connection closed during a command. The driver reports this as exhausted retries, though there
 * are none.
 */
export function isCut({ message }: Error): boolean {
  return message.includes('max retries per request')
}

/** Redis errors that mean it cannot serve now, as opposed to an invalid call. */
const NOT_NOW = /^(LOADING|READONLY|OOM|MISCONF|BUSY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|NOREPLICAS|NOAUTH) /

/** Whether Redis replied at all, even if only to reject the call. */
export function isAnswer({ error }: Outcome): boolean {
  return error === null || error.name === 'ReplyError'
}

/** Whether Redis has forgotten the script that a call names by its hash. Nothing was done then. */
export function isUnknownScript(outcome: Outcome | undefined): boolean {
  return outcome?.error?.message.startsWith('NOSCRIPT') === true
}

/** Whether a script declined to run because its caller had given up by then. Nothing was done. */
export function isTooLate(error: Error): boolean {
  return error.message.startsWith(TOO_LATE)
}

/** Whether a key holds another type than ours: somebody else wrote it. Calls on other keys are served. */
export function isForeignKey(error: Error): boolean {
  return error.message.startsWith('WRONGTYPE')
}

/** Whether the store is at fault rather than the call. */
export function isAway(error: Error): boolean {
  if (error.name !== 'ReplyError') return true
  return isTooLate(error) || isForeignKey(error) || NOT_NOW.test(error.message)
}

/** Why Redis answers but cannot serve. */
export function ailmentOf(outcomes: readonly Outcome[]): string | undefined {
  return outcomes.find(({ error }) => error !== null && NOT_NOW.test(error.message))?.error?.message
}
