import type { LabelBook } from '../budget/label-book.ts'
import type { LedgerReader } from '../budget/reader.ts'
import { openPostgresLabelBook } from '../budget/redis-postgres/label-book.ts'
import { openPostgresReader } from '../budget/redis-postgres/reader.ts'
import { openLabelBook } from '../budget/sqlite/label-book.ts'
import { openLedgerReader } from '../budget/sqlite/reader.ts'

/** Whether a store's name is the address of a database; else it is a file. */
export function isPostgres(store: string): boolean {
  return /^postgres(ql)?:/.test(store)
}

/** Opens a ledger for reading, beside whoever writes to it. Rejects with a `StoreError`. */
export async function openReaderAt(store: string): Promise<LedgerReader> {
  return isPostgres(store) ? openPostgresReader(store) : openLedgerReader(store)
}

/** The labels of that ledger. */
export async function openLabelsAt(store: string): Promise<LabelBook> {
  return isPostgres(store) ? openPostgresLabelBook(store) : openLabelBook(store)
}
