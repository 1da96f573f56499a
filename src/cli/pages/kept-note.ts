import { countable } from '../../budget/cover.ts'
import type { LedgerReader, RowFilter, SpendFilter } from '../../budget/reader.ts'
import type { Io } from '../command.ts'

/** Says on stderr, where rows are asked for that may have been deleted, since when they are kept. */
export async function noteDeletedRows(
  reader: LedgerReader,
  filter: RowFilter,
  { stderr }: Io,
): Promise<void> {
  const keptSince = await reader.keptSince()
  if (beginningOf(filter) < keptSince) stderr.write(`note: rows before ${textOf(keptSince)} are deleted\n`)
}

/** Says on stderr, where the hours at the ends of a time are known only whole, of which time the sums are. */
export async function noteWholeHours(
  reader: LedgerReader,
  filter: SpendFilter,
  { stderr }: Io,
): Promise<void> {
  const keptSince = await reader.keptSince()
  const { since } = countable(filter, keptSince)
  if (since === beginningOf(filter)) return
  stderr.write(
    `note: rows before ${textOf(keptSince)} are deleted, of older ones whole hours are known: summed since ${textOf(since)}\n`,
  )
}

/** A duration that is longer than time asks for all there is. */
function beginningOf({ since }: SpendFilter): number {
  return Math.max(0, since ?? 0)
}

function textOf(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ')
}
