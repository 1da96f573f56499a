import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'

/** How long the ledger keeps data that sums do not need, in milliseconds. Sums are kept forever. */
export interface Retention {
  /**
   * Rows are kept at least this long; they are deleted by whole days in a file and by whole months in
   * Postgres.
   */
  readonly rowsMs: number
  /** What `capture.prompts` stores of prompts. */
  readonly promptsMs: number
}

/** What the ledger needs in order to delete old data. */
export interface UpkeepOptions {
  readonly clock: Pick<Clock, 'now'>
  /** Read on every pass, because a reload may have changed it. */
  retention(): Retention
  readonly log: Pick<Log, 'info' | 'warn'>
}
