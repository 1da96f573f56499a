import type { AlertBook, SpentAt } from '../../alerts/alert.ts'
import type { RaiseLog } from '../../budget/raise.ts'
import type { AnswerBook } from '../answer-book.ts'
import type { AuditLog } from '../audit.ts'
import type { EndedSessions } from '../ended-sessions.ts'
import type { Ledger } from '../ledger.ts'
import type { UpkeepOptions } from '../retention.ts'
import { createSqliteAlertBook } from './alert-book.ts'
import { createSqliteAnswerBook } from './answer-book.ts'
import { createSqliteAuditLog } from './audit-log.ts'
import { Checkpoints } from './checkpoints.ts'
import { createSqliteEndedSessions } from './ended-sessions.ts'
import { lastMoments } from './last-moments.ts'
import { ledgerOf } from './ledger.ts'
import { openStore } from './open.ts'
import { createSqliteRaiseLog } from './raise-log.ts'
import { storeErrorOf } from './sqlite-error.ts'
import { startUpkeep } from './upkeep.ts'

/** Everything kept in one store. Closing the ledger closes the store. */
export interface Books {
  readonly ledger: Ledger
  readonly raiseLog: RaiseLog
  readonly auditLog: AuditLog
  readonly endedSessions: EndedSessions
  readonly alertBook: AlertBook
  readonly answerBook: AnswerBook
  /** Times of spend by the last process that alerts may have missed. */
  readonly lastMoments: readonly SpentAt[]
}

/**
 * Opens the embedded store; without `options` nothing is ever deleted. Throws a `StoreError` that names the
 * file and the cause.
 */
export function openBooks(file: string, options?: UpkeepOptions): Books {
  const opened = openStore(file)
  let upkeep: { stop(): void } | undefined
  const store = {
    ...opened,
    close: () => {
      upkeep?.stop()
      opened.close()
    },
  }
  const checkpoints = new Checkpoints(store)
  const ledger = ledgerOf(store, checkpoints)
  try {
    const books = {
      ledger,
      raiseLog: createSqliteRaiseLog(store),
      auditLog: createSqliteAuditLog(store),
      endedSessions: createSqliteEndedSessions(store),
      alertBook: createSqliteAlertBook(store),
      answerBook: createSqliteAnswerBook(store),
      lastMoments: lastMoments(store),
    }
    if (options !== undefined) upkeep = startUpkeep(store, checkpoints, options)
    return books
  } catch (error) {
    store.close()
    throw storeErrorOf(store.file, error)
  }
}
