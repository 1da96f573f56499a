import pg from 'pg'
import { Connections, isSilence } from './connections.ts'

/** How long a new connection and a statement may take, in milliseconds. No request waits for such a statement. */
const CONNECT_MS = 2_000
const STATEMENT_MS = 60_000
const CONNECTIONS = 4

/** For what a request or a person waits for: more often without an answer than long without one. Milliseconds. */
export const HURRIED_MS = 1_500

/** So much later than Postgres itself we give a statement up, and the connection with it: it has gone silent. */
const SILENCE_MS = 500

export interface Use {
  /** How long a statement may take, in milliseconds. */
  readonly statementMs?: number
  readonly readOnly?: boolean
}

/**
 * Connections to Postgres, on which every statement ends: by an answer, or by our own deadline where the server is frozen or
 * gone. Counts come back as numbers: money stays within 2^53 in every column.
 */
export function openDatabase(
  url: string,
  { statementMs = STATEMENT_MS, readOnly = false }: Use = {},
): pg.Pool {
  return new Connections({
    connectionString: withCheckedTls(url),
    application_name: 'trivium',
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: statementMs,
    query_timeout: statementMs + SILENCE_MS,
    ...(readOnly && { options: '-c default_transaction_read_only=on' }),
    keepAlive: true,
    types: {
      getTypeParser: (oid: number) => (oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid)),
    },
  })
}

/** A day, in milliseconds: what reads all rows may take its time. */
const UNHURRIED_MS = 86_400_000

/** A statement that the client waits for without end; the server's own timeout is the transaction's to lift. */
export function unhurried(text: string): { readonly text: string; readonly query_timeout: number } {
  return { text, query_timeout: UNHURRIED_MS }
}

/**
 * The modes that `pg` takes for `verify-full`, and says so in ten lines on stderr: said by its name, it is what they were
 * before, whatever a later version makes of them.
 */
function withCheckedTls(url: string): string {
  if (/[?&]uselibpqcompat=/.test(url)) return url
  return url.replace(/([?&]sslmode=)(?:prefer|require|verify-ca)(?=&|$)/g, '$1verify-full')
}

/** Runs statements in one transaction: all of them or none. */
export async function transact<T>(pool: pg.Pool, run: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    await client.query('BEGIN')
    const result = await run(client)
    await client.query('COMMIT')
    return result
  } catch (error) {
    // Who said nothing to one statement says nothing to the next; a connection that ends rolls back what it began.
    if (isSilence(error)) broken = error
    else
      await client.query('ROLLBACK').catch((failed: Error) => {
        broken = failed
      })
    throw error
  } finally {
    client.release(broken)
  }
}
