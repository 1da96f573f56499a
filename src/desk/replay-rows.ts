import type { PromptClass } from '../base/prompt-class.ts'
import type { LedgerReader, RowFilter } from '../budget/reader.ts'
import type { RuleBook } from '../classifier/rule.ts'
import type { Weights } from '../classifier/weights.ts'
import { compileClassifier } from '../config/classifier.ts'
import type { Config } from '../config/load.ts'
import { compileRuntime } from '../config/runtime.ts'
import { Replay, type ReplayReport } from '../tuning/replay/replay.ts'
import type { Roads } from '../tuning/replay/rerouting.ts'

/** What recorded requests are decided again by. */
export interface Tried {
  readonly rules: RuleBook
  readonly weights: Weights
  /** Rules that decided before: what they looked for is known of rows of which only features were kept. */
  readonly earlier: readonly RuleBook[]
  /** In place of the configuration's. */
  readonly abstainBelow?: number | undefined
  readonly abstainTo?: PromptClass | undefined
  /** How many of the biggest movers are listed. */
  readonly most: number
}

/** How many rows come between two words of progress. */
const STEP = 1_000

/** Decides recorded requests again under a configuration. `onProgress` hears now and then how many were. */
export async function replayRows(
  config: Config,
  { rules, weights, earlier, abstainBelow, abstainTo, most }: Tried,
  { reader, filter }: { readonly reader: LedgerReader; readonly filter: RowFilter },
  onProgress: (done: number) => void = () => undefined,
): Promise<ReplayReport> {
  const { abstain_below, abstain_to } = config.settings.classifier
  const classifier = compileClassifier('rules', {
    rules,
    weights,
    abstainBelow: abstainBelow ?? abstain_below,
    abstainTo: abstainTo ?? abstain_to,
    // What is decided once need not be remembered.
    remember: 0,
  })
  const run = new Replay({
    versions: classifier,
    replayer: classifier.replayer(earlier),
    roads: roadsOf(config, compileRuntime(config, classifier)),
    most,
  })
  let done = 0
  for await (const line of reader.decisions(filter)) {
    run.add(line)
    done += 1
    if (done % STEP === 0) onProgress(done)
  }
  onProgress(done)
  return run.report()
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
