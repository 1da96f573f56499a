import type { AlertBook } from '../../alerts/alert.ts'
import type { Ledger } from '../ledger.ts'
import type { RaiseLog } from '../raise.ts'
import { createSqliteAlertBook } from './alert-book.ts'
import { lastMoments, type Moment } from './last-moments.ts'
import { ledgerOf } from './ledger.ts'
import { openStore } from './open.ts'
import { createSqliteRaiseLog } from './raise-log.ts'
import { storeErrorOf } from './store-error.ts'

/** All that lies in one store. Closing the ledger closes the store. */
export interface Books {
  readonly ledger: Ledger
  readonly raiseLog: RaiseLog
  readonly alertBook: AlertBook
  /** When the last process may have spent without telling anybody. */
  readonly lastMoments: readonly Moment[]
}

/** Opens the embedded store. Throws a `StoreError` that names the file and the cause. */
export function openBooks(file: string): Books {
  const store = openStore(file)
  const ledger = ledgerOf(store)
  try {
    return {
      ledger,
      raiseLog: createSqliteRaiseLog(store),
      alertBook: createSqliteAlertBook(store),
      lastMoments: lastMoments(store),
    }
  } catch (error) {
    store.close()
    throw storeErrorOf(store.file, error)
  }
}
