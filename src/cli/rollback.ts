import { rollBack } from '../desk/decision.ts'
import { type Command, type ExitCode, UsageError } from './command.ts'
import { DESK_OPTIONS, openTuningDesk, personOf } from './desks/tuning-desk.ts'
import { readFlags } from './flags/flags.ts'
import { tellDecided } from './terminal/decided-words.ts'

const USAGE = `trivium rollback: take the last promotion back

  trivium rollback [--why TEXT] [--by WHO]

What was live before the candidate that is live now decides again; once more, and what was live before that. In the end
the configuration's own rules and weights do. Running servers see it within a second or two and drop no request.

  --config FILE   the configuration (default: config/trivium.yaml here, else trivium.yaml)
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
    return tellDecided('rollback', rollBack(desk, personOf(values.by), values.why), io)
  },
}
