import type { Reply } from './connection.ts'
import { TOO_LATE } from './script.ts'

/** What became of one call. */
export interface Outcome {
  readonly error: Error | null
  /** Null beside an error. */
  readonly reply: Reply
}

export const NO_ANSWER = new Error('no answer')

/** What is said of a connection that ended, and of all that was under way on it. */
export const CLOSED = 'the connection was closed'

/** Whether a connection ended under a command: the driver says so in words about retries, of which there are none. */
export function isCut({ message }: Error): boolean {
  return message.includes('max retries per request')
}

/** Errors of Redis that say it cannot serve now, not that the call is wrong. */
const NOT_NOW = /^(LOADING|READONLY|OOM|MISCONF|BUSY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|NOREPLICAS|NOAUTH) /

/** Whether Redis said anything, were it only that the call is wrong. */
export function isAnswer({ error }: Outcome): boolean {
  return error === null || error.name === 'ReplyError'
}

export function isUnknownScript(outcome: Outcome | undefined): boolean {
  return outcome?.error?.message.startsWith('NOSCRIPT') === true
}

export function isTooLate(error: Error): boolean {
  return error.message.startsWith(TOO_LATE)
}

/** The store's fault, not the call's. */
export function isAway(error: Error): boolean {
  return error.name !== 'ReplyError' || isTooLate(error) || NOT_NOW.test(error.message)
}

/** What keeps a Redis that answers from serving. */
export function ailmentOf(outcomes: readonly Outcome[]): string | undefined {
  return outcomes.find(({ error }) => error !== null && NOT_NOW.test(error.message))?.error?.message
}
