/**
 * The shared stores cannot be opened or read. The message is one line that names the store without its
 * password.
 */
export class StoreError extends Error {
  override readonly name = 'StoreError'

  constructor(url: string, problem: string, cause?: unknown) {
    super(`${withoutPassword(url)}: ${problem}`, cause === undefined ? undefined : { cause })
  }
}

/** Wraps any error as a `StoreError` of this store. */
export function storeErrorOf(url: string, error: unknown): StoreError {
  if (error instanceof StoreError) return error
  return new StoreError(url, messageOf(error), error)
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
