/**
 * Where a node says that a slot is: permanently (`MOVED`), or for this one call while the slot is migrating
 * (`ASK`).
 */
export interface Redirection {
  readonly asking: boolean
  readonly slot: number
  /** Empty: the host of the redirecting node. */
  readonly host: string
  readonly port: number
}

const FORM = /^(MOVED|ASK) (\d+) (.*):(\d+)$/

/** Parses a redirection from a Redis error; undefined for any other error. */
export function redirectionIn(error: unknown): Redirection | undefined {
  const [, word, slot, host, port] = (error instanceof Error && FORM.exec(error.message)) || []
  if (host === undefined) return undefined
  return { asking: word === 'ASK', slot: Number(slot), host, port: Number(port) }
}
