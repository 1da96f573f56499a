import pg from 'pg'
import { StoreError } from '../store-error.ts'

/** Wraps any error as a `StoreError` of this store. */
export function storeErrorOf(url: string, error: unknown): StoreError {
  if (error instanceof StoreError) return error
  return new StoreError(withoutPassword(url), messageOf(error), error)
}

/** Awaits statements at this address; whatever they fail with becomes a `StoreError`. */
export async function wrapping<Answer>(url: string, run: () => Promise<Answer>): Promise<Answer> {
  try {
    return await run()
  } catch (error) {
    throw storeErrorOf(url, error)
  }
}

/** Postgres' code of an error (SQLSTATE); undefined for an error that is not an answer of Postgres. */
function stateOf(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined
}

/** Whether a transaction failed because another one held a lock for longer than it would wait. */
export function isLocked(error: unknown): boolean {
  return stateOf(error) === '55P03'
}

/** SQLSTATE classes 22 (data exception) and 23 (integrity): the row is at fault, not the database. */
export function isDataError(error: unknown): error is Error {
  return /^2[23]/.test(stateOf(error) ?? '') && !isOfDroppedMonth(error)
}

/**
 * A failed check can only be that of a partition: there are no others. The next attempt creates the month
 * again.
 */
export function isOfDroppedMonth(error: unknown): boolean {
  return stateOf(error) === '23514'
}

/**
 * An error's message; if that is empty, as for a host with several addresses, the message of its first cause.
 */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors[0])
  return error instanceof Error ? error.message : String(error)
}

function withoutPassword(url: string): string {
  if (!URL.canParse(url)) return 'the store'
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//${host}${pathname}`
}
