import type { AuditLog } from '../ledger/audit.ts'
import type { LabelBook } from '../ledger/label-book.ts'
import type { LedgerReader } from '../ledger/reader.ts'
import { openPostgresAudit } from '../ledger/redis-postgres/audit-log.ts'
import { openPostgresLabelBook } from '../ledger/redis-postgres/label-book.ts'
import { openPostgresReader } from '../ledger/redis-postgres/reader.ts'
import { openPostgresViews } from '../ledger/redis-postgres/views/postgres-views.ts'
import { openAudit } from '../ledger/sqlite/audit-log.ts'
import { openLabelBook } from '../ledger/sqlite/label-book.ts'
import { openLedgerReader } from '../ledger/sqlite/reader.ts'
import { FileViews } from '../ledger/sqlite/views/file-views.ts'
import type { LedgerViews } from '../ledger/views.ts'

/** Whether a store is the address of a database rather than a file. */
export function isPostgres(store: string): boolean {
  return /^postgres(ql)?:/.test(store)
}

/** Opens a ledger for reading, alongside its writer. Rejects with a `StoreError`. */
export async function openReaderAt(store: string): Promise<LedgerReader> {
  return isPostgres(store) ? openPostgresReader(store) : openLedgerReader(store)
}

/** The labels of that ledger. */
export async function openLabelsAt(store: string): Promise<LabelBook> {
  return isPostgres(store) ? openPostgresLabelBook(store) : openLabelBook(store)
}

/** What to label next there, even while a server is writing. For a file, its rows are counted first. */
export async function openReviewAt(store: string): Promise<Pick<LedgerViews, 'review' | 'close'>> {
  if (isPostgres(store)) return openPostgresViews(store)
  const views = new FileViews(store, Date.now)
  return {
    review: async (filter, limit, cursor) => views.queue.review(filter, limit, cursor),
    close: async () => views.close(),
  }
}

/** The audit log there, to append a line; works while a server is using it. */
export async function openAuditAt(
  store: string,
): Promise<Pick<AuditLog, 'note'> & { close(): void | Promise<void> }> {
  return isPostgres(store) ? openPostgresAudit(store) : openAudit(store)
}
