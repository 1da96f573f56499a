/** Where a node says that a slot is: for good (`MOVED`), or for this one call while it is on its way there (`ASK`). */
export interface Redirection {
  readonly asking: boolean
  readonly slot: number
  /** Empty: where the node that says so is. */
  readonly host: string
  readonly port: number
}

const FORM = /^(MOVED|ASK) (\d+) (.*):(\d+)$/

/** What an error of Redis redirects to; undefined for every other error. */
export function redirectionIn(error: unknown): Redirection | undefined {
  const [, word, slot, host, port] = (error instanceof Error && FORM.exec(error.message)) || []
  if (host === undefined) return undefined
  return { asking: word === 'ASK', slot: Number(slot), host, port: Number(port) }
}
