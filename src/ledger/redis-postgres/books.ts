import { setTimeout as sleep } from 'node:timers/promises'
import type { AlertBook } from '../../alerts/alert.ts'
import type { RaiseLog } from '../../budget/raise.ts'
import type { AnswerBook } from '../answer-book.ts'
import type { AuditLog } from '../audit.ts'
import type { EndedSessions } from '../ended-sessions.ts'
import type { Ledger } from '../ledger.ts'
import { createPostgresAlertBook } from './alert-book.ts'
import { createPostgresAnswerBook } from './answer-book.ts'
import { createPostgresAuditLog } from './audit-log.ts'
import { HURRIED_MS, openDatabase } from './database.ts'
import { createPostgresEndedSessions } from './ended-sessions.ts'
import { openSharedLedger, type SharedLedgerOptions } from './ledger.ts'
import { storeErrorOf } from './postgres-error.ts'
import { createPostgresRaiseLog } from './raise-log.ts'

/** Everything kept in the shared stores. */
export interface SharedBooks {
  readonly ledger: Ledger
  readonly raiseLog: RaiseLog
  readonly auditLog: AuditLog
  readonly endedSessions: EndedSessions
  readonly alertBook: AlertBook
  readonly answerBook: AnswerBook
  /**
   * Flushes pending notes as far as Postgres accepts them and closes the connections to it, but not those to
   * Redis.
   */
  close(): Promise<void>
}

/** How long closing waits for pending answer-owner notes to be written, in milliseconds. */
const NOTES_PATIENCE_MS = 1_000

/** Opens the shared stores. Throws a `StoreError` that names the store and the cause. */
export async function openSharedBooks(
  postgres: string,
  options: Omit<SharedLedgerOptions, 'pool' | 'hurried'>,
): Promise<SharedBooks> {
  const rows = openDatabase(postgres)
  // Requests and people wait on this pool; it must never queue behind rows.
  const pool = openDatabase(postgres, { statementMs: HURRIED_MS })
  try {
    const ledger = await openSharedLedger({ ...options, pool: rows, hurried: pool })
    const answerBook = createPostgresAnswerBook(pool, postgres)
    return {
      ledger,
      raiseLog: createPostgresRaiseLog(pool, postgres),
      auditLog: createPostgresAuditLog(pool, postgres),
      endedSessions: createPostgresEndedSessions(pool, postgres),
      alertBook: createPostgresAlertBook(pool, postgres),
      answerBook,
      close: async () => {
        await Promise.race([answerBook.close(), sleep(NOTES_PATIENCE_MS, undefined, { ref: false })])
        await Promise.all([ledger.close(), pool.end()])
      },
    }
  } catch (error) {
    await Promise.all([rows.end(), pool.end()])
    throw storeErrorOf(postgres, error)
  }
}
