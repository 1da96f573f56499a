import type { AlertBook } from '../../alerts/alert.ts'
import type { AnswerBook } from '../answer-book.ts'
import type { AuditLog } from '../audit.ts'
import type { EndedSessions } from '../ended-sessions.ts'
import type { Ledger } from '../ledger.ts'
import type { RaiseLog } from '../raise.ts'
import { createPostgresAlertBook } from './alert-book.ts'
import { createPostgresAnswerBook } from './answer-book.ts'
import { createPostgresAuditLog } from './audit-log.ts'
import { openDatabase } from './database.ts'
import { createPostgresEndedSessions } from './ended-sessions.ts'
import { openSharedLedger, type SharedLedgerOptions } from './ledger.ts'
import { createPostgresRaiseLog } from './raise-log.ts'
import { storeErrorOf } from './store-error.ts'

/** All that lies in the shared stores. Closing the ledger ends the connections to Postgres, not those to Redis. */
export interface SharedBooks {
  readonly ledger: Ledger
  readonly raiseLog: RaiseLog
  readonly auditLog: AuditLog
  readonly endedSessions: EndedSessions
  readonly alertBook: AlertBook
  readonly answerBook: AnswerBook
}

/** Opens the shared stores. Throws a `StoreError` that names the store and the cause. */
export async function openSharedBooks(
  postgres: string,
  options: Omit<SharedLedgerOptions, 'pool'>,
): Promise<SharedBooks> {
  const pool = openDatabase(postgres)
  try {
    return {
      ledger: await openSharedLedger({ ...options, pool }),
      raiseLog: createPostgresRaiseLog(pool),
      auditLog: createPostgresAuditLog(pool),
      endedSessions: createPostgresEndedSessions(pool),
      alertBook: createPostgresAlertBook(pool),
      answerBook: createPostgresAnswerBook(pool),
    }
  } catch (error) {
    await pool.end()
    throw storeErrorOf(postgres, error)
  }
}
