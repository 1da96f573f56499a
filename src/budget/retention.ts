import type { Clock } from '../base/clock.ts'

/** How long the ledger keeps what sums do not need, in milliseconds. Sums are kept for ever. */
export interface Retention {
  /** Rows: at least so long, by whole days in a file and by whole months in Postgres. */
  readonly rowsMs: number
  /** What `capture.prompts` keeps of prompts. */
  readonly promptsMs: number
}

/** What the ledger needs to delete what is old. */
export interface UpkeepOptions {
  readonly clock: Pick<Clock, 'now'>
  /** Asked at every look: a reload may have changed it. */
  retention(): Retention
  readonly log: { info(facts: object, message: string): void; warn(facts: object, message: string): void }
}
