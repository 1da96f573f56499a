import pg from 'pg'

/** Grace period for statements in flight once the pool is ending, in milliseconds. */
const PARTING_MS = 1_000

/**
 * A Postgres pool that an unresponsive server cannot hold up: `pg` would wait forever for such a server to
 * read the goodbye. A connection that got no answer is destroyed, and `end` cuts those that do not close by
 * themselves.
 */
export class Connections extends pg.Pool {
  readonly #open = new Set<pg.PoolClient>()
  #isCut = false

  constructor(config: pg.PoolConfig) {
    super(config)
    // A connection that breaks while idle is simply gone; the next statement opens another.
    this.on('error', () => undefined)
    this.on('connect', (client) => {
      // Attached immediately: an unhandled error event would end the process, and the caller that asked for
      // the connection attaches its listener too late for one that fails at once. Its next statement fails
      // instead.
      client.on('error', () => undefined)
      this.#open.add(client)
      client.once('end', () => this.#open.delete(client))
      if (this.#isCut) cut(client)
    })
    this.on('release', (error, client) => {
      if (error && !(error instanceof pg.DatabaseError)) cut(client)
    })
  }

  /** Lets statements in flight finish, for a second at most. Any still without an answer then fail. */
  override async end(): Promise<void> {
    const timer = setTimeout(() => {
      this.#isCut = true
      for (const client of this.#open) cut(client)
    }, PARTING_MS)
    await super.end()
    await Promise.all([...this.#open].map((client) => new Promise<void>((gone) => client.once('end', gone))))
    clearTimeout(timer)
  }
}

function cut({ connection }: pg.PoolClient): void {
  connection.stream.destroy()
}

/**
 * Whether a statement timed out. It may still be executed, and its connection is unusable. `pg` has no code
 * for this error, only a message.
 */
export function isSilence(error: unknown): error is Error {
  return error instanceof Error && error.message === 'Query read timeout'
}
