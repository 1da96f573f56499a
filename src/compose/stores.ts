import type { ProcessSettings } from '../config/process-settings.ts'
import type { SharedLedgerOptions } from '../ledger/redis-postgres/ledger.ts'
import type { UpkeepOptions } from '../ledger/retention.ts'
import { type Books, openBooks } from '../ledger/sqlite/books.ts'
import { createThreadedViews } from '../ledger/sqlite/views/threaded-views.ts'
import type { LedgerViews } from '../ledger/views.ts'
import type { Limiter } from '../limits/limiter.ts'
import { createMemoryLimiter } from '../limits/memory/limiter.ts'

/** Storage for money, rows and limits. */
export interface Stores
  extends Pick<
    Books,
    'ledger' | 'raiseLog' | 'auditLog' | 'endedSessions' | 'alertBook' | 'answerBook' | 'lastMoments'
  > {
  readonly limiter: Limiter
  /** Whether they are on the network, and other replicas use them too. */
  readonly areShared: boolean
  /** Read views of the ledger; querying them never blocks a request. */
  readonly views: LedgerViews
  close(): Promise<void>
}

export type StoreParts = Pick<SharedLedgerOptions, 'clock' | 'budgets'> & UpkeepOptions

/**
 * Opens a SQLite file with in-memory limits, or the stores that replicas share. Throws `StoreError`, or
 * `Misaddressed` or `StoreUnavailable` for a wrong or unreachable Redis, after closing whatever it had
 * opened. The drivers of shared stores are loaded only where they are used, which saves memory and time.
 */
export async function openStores(settings: ProcessSettings, parts: StoreParts): Promise<Stores> {
  if (settings.sharedStore !== undefined) {
    const { shareStores } = await import('./shared-stores.ts')
    return shareStores(settings.sharedStore, parts)
  }
  const books = openBooks(settings.storeFile, parts)
  const limiter = createMemoryLimiter(parts.clock)
  const views = createThreadedViews(settings.storeFile)
  const close = async () => {
    await views.close()
    await books.answerBook.close()
    await books.ledger.close()
    await limiter.close()
  }
  return { ...books, areShared: false, limiter, views, close }
}
