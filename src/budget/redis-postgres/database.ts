import pg from 'pg'

/** How long a new connection and a statement may take, in milliseconds. Nobody's request waits for either. */
const CONNECT_MS = 2_000
const STATEMENT_MS = 60_000
const CONNECTIONS = 4

/** For who only reads, and rather goes without an answer than waits for it. */
export interface Reading {
  readonly statementMs: number
}

/** Connections to Postgres. Counts come back as numbers: money stays within 2^53 in every column. */
export function openDatabase(url: string, reading?: Reading): pg.Pool {
  const statementMs = reading?.statementMs ?? STATEMENT_MS
  const pool = new pg.Pool({
    connectionString: withCheckedTls(url),
    application_name: 'trivium',
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: statementMs,
    query_timeout: statementMs + CONNECT_MS,
    ...(reading !== undefined && { options: '-c default_transaction_read_only=on' }),
    keepAlive: true,
    types: {
      getTypeParser: (oid: number) => (oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid)),
    },
  })
  // A connection that breaks while nobody uses it is simply gone; the next statement opens another.
  pool.on('error', () => undefined)
  return pool
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
  // A connection that breaks between two statements says so by an event, which would end the process unheard.
  const onBroken = (error: Error) => {
    broken = error
  }
  client.on('error', onBroken)
  try {
    await client.query('BEGIN')
    const result = await run(client)
    await client.query('COMMIT')
    return result
  } catch (error) {
    await client.query('ROLLBACK').catch((failed: Error) => {
      broken = failed
    })
    throw error
  } finally {
    client.off('error', onBroken)
    client.release(broken)
  }
}
