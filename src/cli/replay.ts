import { readRuleBook, readWeights } from '../config/classifier.ts'
import type { Config } from '../config/load.ts'
import { loadWithoutSecrets } from '../config/load-without-secrets.ts'
import { RuleShelf } from '../config/rule-shelf.ts'
import type { ClassifierPair } from '../config/standings.ts'
import { replayRows } from '../operations/replay-rows.ts'
import { storeOf } from '../operations/tuning-context.ts'
import { candidateFiles, findCandidate } from '../tuning/candidates.ts'
import { type Command, type Io, UsageError } from './command.ts'
import { CLASSIFIER_OPTIONS } from './files/classifier-files.ts'
import { configFlag } from './flags/config-flag.ts'
import { readFlags } from './flags/flags.ts'
import { spanFlags } from './flags/span-flags.ts'
import { openReader } from './flags/store-flag.ts'
import { noteDeletedRows } from './pages/kept-note.ts'
import { replayPage } from './pages/replay-page.ts'
import { countOn } from './terminal/progress.ts'

const USAGE = `trivium replay: how recorded requests would have been routed under another configuration, and at what cost

  trivium replay --config NEW [--since 7d|2026-11-01] [--until 1d|2026-12-01] [--team TEAM] [--moves N] [--json]

Re-decides recorded requests with the rules, weights, thresholds, routes and prices of a configuration, without calling
any upstream: how many would move between classes and models, what the same tokens would cost there, and whether
labelled requests are judged better or worse. Only requests whose prompt or features \`capture\` kept can be replayed.

  --config NEW    the configuration to try [config/trivium.yaml here, else trivium.yaml]
  --candidate V   use this candidate's rules and weights instead of the live ones
  --rules FILE    use these rules instead
  --weights FILE  use these weights instead
  --was FILE      rules that were in force earlier; may be repeated. Needed to replay rows of which only features were
                  kept, if the new rules dropped some of those rules. The live and the configured rules are always known
  --since WHEN    only requests since then: a duration back from now, or a date [7d]
  --until WHEN    only requests before then
  --team TEAM     only this team's requests
  --moves N       list the N requests whose cost changes most [10]
  --store STORE   the ledger's file or postgres:// URL [the configuration's]
  --json          print all figures as one JSON object; money in nano-dollars

Exit code 1: there are requests, but none can be replayed. 2: the arguments, a file or the store is invalid.
`

const OPTIONS = {
  ...CLASSIFIER_OPTIONS,
  candidate: { type: 'string' },
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
  summary: 're-decide recorded requests under other rules, weights, routes or prices',
  usage: USAGE,
  async run(args, io) {
    const { values: flags } = readFlags(args, { options: OPTIONS })
    const most = movesFlag(flags.moves)
    const now = Date.now()
    const filter = {
      team: flags.team,
      ...spanFlags(flags, now),
    }
    const config = loadWithoutSecrets(configFlag(flags.config), io.env)
    const pair = pairOf(config, flags, io)
    const { live, own } = config.tuning
    const earlier = new Set([live.rules, own.rules, ...(flags.was ?? [])])
    earlier.delete(pair.rules)
    const shelf = new RuleShelf(config.tuning.candidates)
    const read = (file: string) => readRuleBook(file, shelf)
    const tried = {
      rules: read(pair.rules),
      weights: readWeights(pair.weights),
      earlier: [...earlier].map(read),
      most,
    }
    const reader = await openReader({ store: flags.store ?? storeOf(config) }, io.env)
    try {
      await noteDeletedRows(reader, filter, io)
      const { onProgress, end } = countOn(io, 'requests read')
      const report = await replayRows(config, tried, { reader, filter }, onProgress).finally(end)
      io.stdout.write(flags.json ? `${JSON.stringify(report)}\n` : replayPage(report))
      return report.rows > 0 && report.replayed === 0 ? 1 : 0
    } finally {
      await reader.close()
    }
  },
}

interface PairFlags {
  readonly candidate?: string | undefined
  readonly rules?: string | undefined
  readonly weights?: string | undefined
}

/**
 * The rules and weights to try. A promoted candidate takes precedence over the files the configuration names,
 * as it does for a server.
 */
function pairOf(
  { tuning }: Config,
  { candidate, rules, weights }: PairFlags,
  { stderr }: Io,
): ClassifierPair {
  const { live, version, candidates } = tuning
  if (candidate !== undefined) {
    const { manifest } = findCandidate(candidates, candidate)
    const { rulesFile, weightsFile } = candidateFiles(candidates, manifest.version)
    return { rules: rules ?? rulesFile, weights: weights ?? weightsFile }
  }
  if (version !== null && (rules === undefined || weights === undefined))
    stderr.write(
      `note: candidate ${version} is promoted, so its files are used instead of the configuration's\n`,
    )
  return { rules: rules ?? live.rules, weights: weights ?? live.weights }
}

function movesFlag(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new UsageError(`--moves ${text}: expected a number up to 9999`)
  return Number(text)
}
