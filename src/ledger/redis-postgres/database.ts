import pg from 'pg'
import { DAY } from '../../base/durations.ts'
import { Connections, isSilence } from './connections.ts'

/**
 * Time limits for a new connection and for a statement, in milliseconds. No request waits for such a
 * statement.
 */
const CONNECT_MS = 2_000
const STATEMENT_MS = 60_000
const CONNECTIONS = 4

/**
 * Time limit for statements that a request or a person waits for: better no answer than a late one.
 * Milliseconds.
 */
export const HURRIED_MS = 1_500

/**
 * How much later than Postgres itself we give up on a statement. Its connection is then unresponsive and
 * dropped.
 */
const SILENCE_MS = 500

/**
 * After this long without a statement a transaction is rolled back and its locks are released: its replica is frozen
 * or gone, and others wait. Milliseconds.
 */
const IDLE_MS = 5_000

/** What a connection is for. */
export interface Use {
  /** Time limit for a statement, in milliseconds. */
  readonly statementMs?: number
  readonly readOnly?: boolean
}

/**
 * Connections to Postgres on which every statement ends: with an answer, or at our own deadline if the server
 * is frozen or gone. Counts are returned as numbers: money stays within 2^53 in every column.
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
    idle_in_transaction_session_timeout: IDLE_MS,
    ...(readOnly && { options: '-c default_transaction_read_only=on' }),
    keepAlive: true,
    types: {
      getTypeParser: (oid: number) => (oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid)),
    },
  })
}

/**
 * A statement that reads all rows, for which the client allows a day. Lifting the server's own timeout is up
 * to the transaction.
 */
export function unhurried(text: string): { readonly text: string; readonly query_timeout: number } {
  return { text, query_timeout: DAY }
}

/**
 * The modes that `pg` treats as `verify-full`, with a ten-line warning on stderr. Naming `verify-full`
 * explicitly keeps that behaviour, whatever a later version does with them.
 */
function withCheckedTls(url: string): string {
  if (/[?&]uselibpqcompat=/.test(url)) return url
  return url.replace(/([?&]sslmode=)(?:prefer|require|verify-ca)(?=&|$)/g, '$1verify-full')
}

/**
 * Runs statements in one transaction: all of them or none. `lockMs`: how long one may wait for a lock, instead of as
 * long as the statement may take; see `isLocked` in `postgres-error.ts`.
 */
export async function transact<T>(
  pool: pg.Pool,
  run: (client: pg.PoolClient) => Promise<T>,
  { lockMs }: { readonly lockMs?: number } = {},
): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    await client.query(lockMs === undefined ? 'BEGIN' : `BEGIN; SET LOCAL lock_timeout = ${lockMs}`)
    const result = await run(client)
    await client.query('COMMIT')
    return result
  } catch (error) {
    // A connection that left one statement unanswered will not answer the next. Closing it rolls back what it
    // began.
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

/** Takes a lock of this name for the rest of the transaction. Waits while another transaction has it. */
export async function lockUntilCommit(client: pg.PoolClient, name: string): Promise<void> {
  await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [name])
}
