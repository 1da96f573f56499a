import type { LedgerReader } from '../ledger/reader.ts'
import { StoreError } from '../ledger/store-error.ts'
import type { Io } from './command.ts'
import { openReader } from './flags/store-flag.ts'
import { announce } from './terminal/progress.ts'

/** What `trivium check --ledger` reports about the store. */
export interface LedgerReport {
  readonly ok: boolean
  readonly rows: number
  readonly problems: readonly string[]
}

/** Reads the whole ledger that a configuration names. Anything unreadable is a problem as well. */
export async function checkLedger(config: string, io: Io): Promise<LedgerReport> {
  let reader: LedgerReader | undefined
  announce(io, 'reading the whole ledger')
  try {
    reader = await openReader({ config }, io.env)
    const { rows, problems } = await reader.examine()
    return { ok: problems.length === 0, rows, problems }
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    return { ok: false, rows: 0, problems: [error.message] }
  } finally {
    await reader?.close()
  }
}

/** The report for people, one line each. */
export function* ledgerLines({ ok, rows, problems }: LedgerReport): Generator<string> {
  if (ok)
    yield `ledger: intact, ${rows.toLocaleString('en-US')} rows, every balance equals the sum of its rows`
  for (const problem of problems) yield `ledger: FAILS, ${problem}`
}
