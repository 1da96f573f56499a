import { type ExitCode, type Io, UsageError } from '../command.ts'
import { sinceFlag } from '../flags/span-flags.ts'
import { openReview, type StoreFlags } from '../flags/store-flag.ts'
import { worthyRows } from '../pages/label-page.ts'
import { worthiest } from '../pages/label-queue.ts'

interface NextFlags extends StoreFlags {
  readonly team?: string | undefined
  readonly since: string
  readonly json: boolean
}

/** Prints what to label next, `text` rows of it. Throws a `UsageError` if that is no number. */
export async function listNext(
  text: string,
  positionals: readonly string[],
  flags: NextFlags,
  io: Io,
): Promise<ExitCode> {
  if (!/^[1-9]\d{0,4}$/.test(text) || positionals.length > 0)
    throw new UsageError(`--next ${text}: expected a number up to 99999, and no other argument`)
  const since = sinceFlag(flags.since, Date.now())
  const views = await openReview(flags, io.env)
  try {
    const wait = () => {
      if (io.stderr.isTTY) io.stderr.write('counting the rows of that period; this happens only once\n')
    }
    const rows = await worthiest(views, { team: flags.team, since: since ?? 0 }, Number(text), wait)
    io.stdout.write(worthyRows(rows, flags.json))
    return 0
  } finally {
    await views.close()
  }
}
