import { ConfigError } from '../config/config-error.ts'
import { candidateFiles } from '../tuning/candidates.ts'
import { liveBefore, readJournal } from '../tuning/journal.ts'
import { type Command, type ExitCode, UsageError } from './command.ts'
import { readFlags } from './flags.ts'
import { decide } from './promote.ts'
import { DESK_OPTIONS, openTuningDesk, personOf, type TuningDesk } from './tuning-desk.ts'

const USAGE = `trivium rollback: take the last promotion back

  trivium rollback [--why TEXT] [--by WHO]

What was live before the candidate that is live now decides again; once more, and what was live before that. In the end
the configuration's own rules and weights do. Running servers see it within a second or two and drop no request.

  --config FILE   the configuration (default: config/trivium.yaml)
  --why TEXT      kept in the journal
  --by WHO        who decides (default: the user)

Exit code 1: nothing is promoted, or what was live before cannot run any more.
`

const OPTIONS = {
  ...DESK_OPTIONS,
  why: { type: 'string', default: 'rolled back' },
  by: { type: 'string' },
} as const

export const rollback: Command = {
  name: 'rollback',
  summary: 'take the last promotion back',
  usage: USAGE,
  async run(args, io): Promise<ExitCode> {
    const { values, positionals } = readFlags(args, { allowPositionals: true, options: OPTIONS })
    if (positionals.length > 0) throw new UsageError(`unknown argument ${positionals[0]}`)
    const desk = openTuningDesk(values, io.env)
    const journal = readJournal(desk.candidates)
    const before = liveBefore(journal)
    const problem = before === undefined ? 'nothing is promoted' : obstacleTo(desk, before)
    if (before === undefined || problem !== undefined) {
      io.stderr.write(`trivium rollback: ${problem}\n`)
      return 1
    }
    return decide(desk, journal, io, {
      at: new Date().toISOString(),
      by: personOf(values.by),
      action: 'rollback',
      live: before,
      shadow: journal.at(-1)?.shadow ?? null,
      why: values.why,
    })
  },
}

/** Why what was live before cannot run any more. */
function obstacleTo(
  { candidates, own, classifierOf }: TuningDesk,
  version: string | null,
): string | undefined {
  const { rulesFile, weightsFile } = candidateFiles(candidates, version ?? '')
  try {
    classifierOf(version === null ? own : { rules: rulesFile, weights: weightsFile })
    return undefined
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
}
