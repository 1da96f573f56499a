import { loadWithoutSecrets } from '../config/load-without-secrets.ts'
import { setShadow } from '../operations/decision.ts'
import { reportShadows } from '../operations/shadow-rows.ts'
import type { TuningContext } from '../operations/tuning-context.ts'
import type { Move } from '../tuning/replay/moves.ts'
import type { ShadowReport } from '../tuning/shadow-report.ts'
import { wordsOf } from '../tuning/trial.ts'
import { openTuning, personOf, TUNING_OPTIONS } from './backends/tuning-context.ts'
import { type Command, type ExitCode, type Io, UsageError } from './command.ts'
import { configFlag } from './flags/config-flag.ts'
import { readFlags } from './flags/flags.ts'
import { spanFlags } from './flags/span-flags.ts'
import { openReader } from './flags/store-flag.ts'
import { usd } from './pages/replay-page.ts'
import { printDecided, tellDecided } from './terminal/decided-words.ts'
import { formatTable } from './terminal/table.ts'

const USAGE = `trivium shadow: let a candidate classify alongside what is live, without routing anything

  trivium shadow VERSION [--by WHO] [--json]      classify every routed request with it, after the answer is sent
  trivium shadow off [--by WHO] [--json]          stop that
  trivium shadow --report [--since 7d] [--json]   how many requests would have moved, from where to where, what
                                                  the same tokens would have cost there, and which of the two
                                                  was right on labelled rows
Running servers pick this up within a second or two. The ledger's row holds both verdicts, the shadow's under
evidence.shadow. A shadow named in the configuration takes precedence.

  --since WHEN    only requests since then
  --until WHEN    only requests before then
  --team TEAM     only this team's requests
  --store STORE   the ledger's file or postgres:// URL
  --config FILE   the configuration (default: config/trivium.yaml here, else trivium.yaml)
  --by WHO        who decides (default: your login name)
  --json          print the report, the decision, or {"refused"}, as JSON

Exit code 1: the candidate cannot run, or the configuration names a shadow. 2: there is no such candidate.
`

const OPTIONS = {
  ...TUNING_OPTIONS,
  report: { type: 'boolean', default: false },
  since: { type: 'string' },
  until: { type: 'string' },
  team: { type: 'string' },
  by: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

export const shadow: Command = {
  name: 'shadow',
  summary: 'let a candidate classify alongside what is live, and see what would have moved',
  usage: USAGE,
  async run(args, io): Promise<ExitCode> {
    const { values, positionals } = parse(args)
    const [named, more] = positionals
    if (more !== undefined || (named === undefined) !== values.report)
      throw new UsageError('give one candidate, off, or --report')
    const tuning = openTuning(values, io.env)
    if (named === undefined) return report(tuning, values, io)
    const decided = setShadow(tuning, named === 'off' ? null : named, personOf(values.by))
    if (values.json) printDecided(decided, io)
    return tellDecided('shadow', decided, io)
  },
}

function parse(args: readonly string[]) {
  return readFlags(args, { allowPositionals: true, options: OPTIONS })
}

async function report(
  tuning: TuningContext,
  values: ReturnType<typeof parse>['values'],
  io: Io,
): Promise<ExitCode> {
  const now = Date.now()
  const span = spanFlags(values, now)
  const config = loadWithoutSecrets(configFlag(values.config), io.env)
  const reader = await openReader({ store: tuning.store }, io.env)
  try {
    const reports = await reportShadows(config, reader, { ...span, team: values.team })
    if (values.json) for (const one of reports) io.stdout.write(`${JSON.stringify(one)}\n`)
    else
      io.stdout.write(reports.length === 0 ? 'no shadow classified any of these requests\n' : pageOf(reports))
    return 0
  } finally {
    await reader.close()
  }
}

function costWords({ priced, cost_nusd, new_cost_nusd }: Omit<Move, 'from' | 'to' | 'rows'>): string {
  return priced === 0 ? '–' : `${usd(cost_nusd)} → ${usd(new_cost_nusd)}`
}

function pageOf(reports: readonly ShadowReport[]): string {
  return reports
    .map(({ rules_version, weights_version, rows, moved, moves, labelled }) => {
      const share = ((100 * moved) / rows).toFixed(1)
      const table = formatTable(
        [
          { heading: 'from' },
          { heading: 'to' },
          { heading: 'requests', right: true },
          { heading: 'cost, same tokens', right: true },
        ],
        moves.map(({ from, to, rows, ...cost }) => [from, to, String(rows), costWords(cost)]),
      )
      return [
        `rules ${rules_version}, weights ${weights_version}: ${moved} of ${rows} requests would move (${share} %)`,
        ...(moves.length === 0 ? [] : [table.trimEnd()]),
        labelled === null ? 'none of them is labelled' : `labelled: ${wordsOf(labelled)}`,
        '',
      ].join('\n')
    })
    .join('\n')
}
