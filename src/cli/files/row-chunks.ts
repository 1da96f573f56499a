import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { LedgerLine } from '../../ledger/line.ts'
import { headText, type RowFormat, rowText } from '../../ledger/row-text.ts'
import type { Io } from '../command.ts'

type Rows = Iterable<LedgerLine> | AsyncIterable<LedgerLine>

/** Large enough that the cost of a write is small compared with that of its rows. Characters. */
const CHUNK = 64 * 1024

/** The text of rows in chunks, read lazily. `onProgress` gets the count of rows so far, once a chunk. */
export async function* rowChunks(
  rows: Rows,
  format: RowFormat,
  onProgress: (done: number) => void = () => undefined,
): AsyncGenerator<string> {
  let chunk = headText(format)
  let done = 0
  for await (const row of rows) {
    chunk += rowText(row, format)
    done += 1
    if (chunk.length < CHUNK) continue
    onProgress(done)
    yield chunk
    chunk = ''
  }
  if (chunk !== '') yield chunk
}

/** Reads rows only as fast as the terminal or pipe accepts them: a ledger does not fit in memory. */
export async function printRows(rows: Rows, format: RowFormat, { stdout }: Io): Promise<void> {
  try {
    await pipeline(Readable.from(rowChunks(rows, format)), stdout, { end: false })
  } catch (error) {
    // The pipe's reader has stopped, as `head` does.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPIPE')) throw error
  }
}
