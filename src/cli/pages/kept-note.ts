import { countable } from '../../ledger/cover.ts'
import type { LedgerReader, RowFilter, SpendFilter } from '../../ledger/reader.ts'
import type { Io } from '../command.ts'

/** If a filter covers rows that may have been deleted, notes on stderr since when rows are kept. */
export async function noteDeletedRows(
  reader: LedgerReader,
  filter: RowFilter,
  { stderr }: Io,
): Promise<void> {
  const keptSince = await reader.keptSince()
  if (beginningOf(filter) < keptSince) stderr.write(`note: rows before ${textOf(keptSince)} are deleted\n`)
}

/** If a period's edges are known only by whole hours, notes on stderr which period the sums cover. */
export async function noteWholeHours(
  reader: LedgerReader,
  filter: SpendFilter,
  { stderr }: Io,
): Promise<void> {
  const keptSince = await reader.keptSince()
  const { since } = countable(filter, keptSince)
  if (since === beginningOf(filter)) return
  stderr.write(
    `note: rows before ${textOf(keptSince)} are deleted, and only whole hours are known of them: summed since ${textOf(since)}\n`,
  )
}

/** A duration that reaches back before the epoch means everything. */
function beginningOf({ since }: SpendFilter): number {
  return Math.max(0, since ?? 0)
}

function textOf(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ')
}
