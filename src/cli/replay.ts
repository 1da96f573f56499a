import type { RuleBook } from '../classifier/rule.ts'
import { readRuleBook } from '../config/classifier.ts'
import type { Config } from '../config/load.ts'
import { processSettings } from '../config/process-settings.ts'
import { compileRuntime } from '../config/runtime.ts'
import { Replay } from '../tuning/replay/replay.ts'
import type { Roads } from '../tuning/replay/rerouting.ts'
import { CLASSIFIER_OPTIONS, loadWithoutSecrets, openClassifier } from './classifier-files.ts'
import { type Command, UsageError } from './command.ts'
import { configFlag } from './config-flag.ts'
import { readFlags } from './flags.ts'
import { noteDeletedRows } from './kept-note.ts'
import { replayPage } from './replay-page.ts'
import { momentFlag } from './since-flag.ts'
import { openReader } from './store-flag.ts'

const USAGE = `trivium replay: what recorded requests would come to under another configuration

  trivium replay --config NEW [--since 7d|2026-11-01] [--until 1d|2026-12-01] [--team TEAM] [--moves N] [--json]

Decides recorded requests again with the rules, weights, thresholds, routes and prices of a configuration, and asks
nobody: how many would move from which class and model to which, what the same tokens would cost there, and whether
labelled requests are judged better or worse. What can be decided again is what \`capture\` kept.

  --config NEW    the configuration to try [config/trivium.yaml]
  --rules FILE    rules in place of its own
  --weights FILE  weights in place of its own
  --was FILE      rules that decided before; may be repeated. With them, features of rows that they decided can be
                  judged by rules of which some are gone
  --since WHEN    only requests that came since then: so long ago, or a date [7d]
  --until WHEN    only requests that came before then
  --team TEAM     only this team's requests
  --moves N       list the N requests whose cost changes most [10]
  --store STORE   the ledger's file, or its postgres:// address [the configuration's]
  --json          print all figures as one JSON object; money in nano-dollars

Exit code 1: there are requests, but none of them can be decided again. 2: the call, a file or the store is wrong.
`

const OPTIONS = {
  ...CLASSIFIER_OPTIONS,
  was: { type: 'string', multiple: true },
  since: { type: 'string', default: '7d' },
  until: { type: 'string' },
  team: { type: 'string' },
  moves: { type: 'string', default: '10' },
  store: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

export const replay: Command = {
  name: 'replay',
  summary: 'decide recorded requests again under other rules, weights, routes or prices',
  usage: USAGE,
  async run(args, io) {
    const { values: flags } = readFlags(args, { options: OPTIONS })
    const most = movesFlag(flags.moves)
    const now = Date.now()
    const filter = {
      team: flags.team,
      since: momentFlag('--since', flags.since, now),
      until: momentFlag('--until', flags.until, now),
    }
    const file = configFlag(flags.config)
    const config = loadWithoutSecrets(file, io.env)
    // What is decided once need not be remembered.
    const classifier = openClassifier({ ...flags, config: file }, io.env)
    const earlier: readonly RuleBook[] = (flags.was ?? []).map(readRuleBook)
    const runtime = compileRuntime(config, classifier)
    const reader = await openReader({ store: flags.store ?? storeOf(config) }, io.env)
    try {
      await noteDeletedRows(reader, filter, io)
      const run = new Replay({
        versions: classifier,
        replayer: classifier.replayer(earlier),
        roads: roadsOf(config, runtime),
        most,
      })
      for await (const line of reader.decisions(filter)) run.add(line)
      const report = run.report()
      io.stdout.write(flags.json ? `${JSON.stringify(report)}\n` : replayPage(report))
      return report.rows > 0 && report.replayed === 0 ? 1 : 0
    } finally {
      await reader.close()
    }
  },
}

function storeOf(config: Config): string {
  const { sharedStore, storeFile } = processSettings(config)
  return sharedStore?.postgres ?? storeFile
}

function movesFlag(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new UsageError(`--moves ${text}: expected a number up to 9999`)
  return Number(text)
}

function roadsOf({ settings }: Config, runtime: ReturnType<typeof compileRuntime>): Roads {
  const lists = new Map(
    Object.entries(settings.teams).map(([team, { models }]) => [team, models && new Set(models)]),
  )
  const budgeted = new Set(runtime.budgets.map(({ team }) => team))
  return {
    routes: runtime.routes,
    targets: runtime.targets,
    placesOf: runtime.placesOf,
    prices: runtime.prices,
    modelsOf: (team) => lists.get(team),
    isBudgeted: (team) => budgeted.has(team),
  }
}
