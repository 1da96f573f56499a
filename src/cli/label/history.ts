import { type ExitCode, type Io, UsageError } from '../command.ts'
import { openLabels, type StoreFlags } from '../flags/store-flag.ts'
import { labelEntries } from '../pages/label-page.ts'

/** Prints who labelled one request how, and when. Throws a `UsageError` unless there is exactly one id. */
export async function printHistory(
  [id, more]: readonly string[],
  flags: StoreFlags & { readonly json: boolean },
  io: Io,
): Promise<ExitCode> {
  if (id === undefined || more !== undefined) throw new UsageError('--log takes the ID of one request')
  const book = await openLabels(flags, io.env)
  try {
    const entries = await book.entries(id)
    io.stdout.write(labelEntries(entries, flags.json))
    if (entries.length === 0) io.stderr.write(`trivium label: ${id} was never labelled\n`)
    return entries.length === 0 ? 1 : 0
  } finally {
    await book.close()
  }
}
