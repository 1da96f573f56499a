import type { LabelBook } from '../../ledger/label-book.ts'
import type { ExitCode, Io } from '../command.ts'
import { openLabels, type StoreFlags } from '../flags/store-flag.ts'
import type { Wanted } from './wanted.ts'

interface GiveFlags extends StoreFlags {
  /** Who is labelling, for the audit log. */
  readonly by: string
  readonly json: boolean
}

/** Labels these requests, one after the other; those that cannot be are named on stderr, and the code is 1. */
export async function giveLabels(wanted: readonly Wanted[], flags: GiveFlags, io: Io): Promise<ExitCode> {
  const book = await openLabels(flags, io.env)
  try {
    const failed = await labelAll(book, wanted, flags, io)
    if (wanted.length > 1 && !flags.json)
      io.stdout.write(`${wanted.length - failed} of ${wanted.length} labelled\n`)
    return failed === 0 ? 0 : 1
  } finally {
    await book.close()
  }
}

/** Returns how many could not be labelled. */
async function labelAll(
  book: LabelBook,
  wanted: readonly Wanted[],
  { by, json }: GiveFlags,
  { stdout, stderr }: Io,
): Promise<number> {
  let failed = 0
  for (const [done, { id, label }] of wanted.entries()) {
    const entry = await book.label({ id, label, who: by, at: Date.now() }).catch((error: unknown) => {
      if (done > 0) stderr.write(`trivium label: the first ${done} of ${wanted.length} were done, then\n`)
      throw error
    })
    if (typeof entry === 'string') {
      failed += 1
      const why = entry === 'no_row' ? `no row has the id ${id}` : `${id} was never labelled`
      stderr.write(`trivium label: ${why}\n`)
    } else if (json) stdout.write(`${JSON.stringify(entry)}\n`)
    else if (wanted.length === 1)
      stdout.write(`${id}: ${entry.label ?? 'no label'} (before: ${entry.before ?? 'no label'})\n`)
  }
  return failed
}
