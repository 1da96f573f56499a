import pg from 'pg'

/** How long what is under way may go on once the connections are to end, in milliseconds. */
const PARTING_MS = 1_000

/**
 * Connections to Postgres that a server which is there and silent cannot keep: a goodbye that it never hears would be waited
 * for without end. Whoever got no answer gives its connection up for good, and `end` cuts what does not end by itself.
 */
export class Connections extends pg.Pool {
  readonly #open = new Set<pg.PoolClient>()
  #isCut = false

  constructor(config: pg.PoolConfig) {
    super(config)
    // A connection that breaks while nobody uses it is simply gone; the next statement opens another.
    this.on('error', () => undefined)
    this.on('connect', (client) => {
      // Heard from the beginning: an error that nobody listens for would end the process, and whoever asked for the
      // connection does so a moment too late for one that ends as it begins. Its next statement fails.
      client.on('error', () => undefined)
      this.#open.add(client)
      client.once('end', () => this.#open.delete(client))
      if (this.#isCut) cut(client)
    })
    this.on('release', (error, client) => {
      if (error && !(error instanceof pg.DatabaseError)) cut(client)
    })
  }

  /** Lets statements finish that are under way, for a second at the most. Whatever had no answer by then fails. */
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

/** Whether a statement was given up: it may be carried out all the same, and its connection is of no more use. */
export function isSilence(error: unknown): error is Error {
  return error instanceof Error && error.message === 'Query read timeout'
}
