import type { PromptClass } from '../base/prompt-class.ts'
import { withThresholds } from '../classifier/book-tables.ts'
import { abstentionOf } from '../classifier/classifier.ts'
import type { Weights } from '../classifier/model/weights.ts'
import type { RuleBook } from '../classifier/rule.ts'
import type { Abstention } from '../classifier/verdict.ts'
import { compileClassifier } from '../config/classifier.ts'
import type { Config } from '../config/load.ts'
import type { LedgerReader, RowFilter } from '../ledger/reader.ts'
import { Replay, type ReplayReport } from '../tuning/replay/replay.ts'
import { routingOf } from './routing-in-force.ts'

/** What recorded requests are decided again with. */
export interface Tried {
  readonly rules: RuleBook
  readonly weights: Weights
  /** Earlier rule books: which patterns they covered is known for rows with features only. */
  readonly earlier: readonly RuleBook[]
  /** Override those of the rules, or the configuration's. */
  readonly abstainBelow?: number | undefined
  readonly abstainTo?: PromptClass | undefined
  /** How many of the biggest movers to list. */
  readonly most: number
}

/** Rows between two progress reports. */
const STEP = 1_000

/** Decides recorded requests again under a configuration. `onProgress` gets the count so far. */
export async function replayRows(
  config: Config,
  { rules, weights, earlier, abstainBelow, abstainTo, most }: Tried,
  { reader, filter }: { readonly reader: LedgerReader; readonly filter: RowFilter },
  onProgress: (done: number) => void = () => undefined,
): Promise<ReplayReport> {
  const { abstain_below, abstain_to } = config.settings.classifier
  const configured = { abstainBelow: abstain_below, abstainTo: abstain_to }
  const classifier = compileClassifier('rules', {
    rules: underThresholds(rules, configured, { abstainBelow, abstainTo }),
    weights,
    ...configured,
    // Each row is decided once, so caching is useless.
    remember: 0,
  })
  const run = new Replay({
    versions: classifier,
    replayer: classifier.replayer(earlier),
    routing: routingOf(config, classifier),
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

/** Thresholds that differ from those in effect make different rules, as they would once saved. */
function underThresholds(
  rules: RuleBook,
  configured: Abstention,
  { abstainBelow, abstainTo }: Pick<Tried, 'abstainBelow' | 'abstainTo'>,
): RuleBook {
  const applied = abstentionOf({ rules, ...configured })
  const below = abstainBelow ?? applied.abstainBelow
  const to = abstainTo ?? applied.abstainTo
  if (below === applied.abstainBelow && to === applied.abstainTo) return rules
  return withThresholds(rules, { abstain_below: below, abstain_to: to })
}
