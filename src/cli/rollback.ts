import { rollBack } from '../operations/decision.ts'
import { openTuning, personOf, TUNING_OPTIONS } from './backends/tuning-context.ts'
import { type Command, type ExitCode, UsageError } from './command.ts'
import { readFlags } from './flags/flags.ts'
import { printDecided, tellDecided } from './terminal/decided-words.ts'

const USAGE = `trivium rollback: undo the last promotion

  trivium rollback [--all] [--why TEXT] [--by WHO] [--json]

Puts back what was live before the current candidate. Repeat it to go back further, in the end to the configuration's
own rules and weights. Running servers pick it up within a second or two and drop no request.

  --all           undo all promotions at once, whether or not what was live before them can still run
  --config FILE   the configuration (default: config/trivium.yaml here, else trivium.yaml)
  --why TEXT      the reason, kept in the journal
  --by WHO        who decides (default: your login name)
  --json          print the decision, or {"refused"}, as JSON

Exit code 1: nothing is promoted, or what was live before can no longer run.
`

const OPTIONS = {
  ...TUNING_OPTIONS,
  all: { type: 'boolean', default: false },
  why: { type: 'string', default: 'rolled back' },
  by: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

export const rollback: Command = {
  name: 'rollback',
  summary: 'undo the last promotion',
  usage: USAGE,
  async run(args, io): Promise<ExitCode> {
    const { values, positionals } = readFlags(args, { allowPositionals: true, options: OPTIONS })
    if (positionals.length > 0) throw new UsageError(`unknown argument ${positionals[0]}`)
    const tuning = openTuning(values, io.env)
    const decided = rollBack(tuning, personOf(values.by), values.why, values.all ? 'all' : 'last')
    if (values.json) printDecided(decided, io)
    return tellDecided('rollback', decided, io)
  },
}
