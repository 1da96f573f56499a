import { z } from 'zod'
import { PROMPT_CLASSES } from '../../../base/prompt-class.ts'
import { JournalEntry } from '../../../tuning/journal-entry.ts'
import { Manifest } from '../../../tuning/manifest.ts'

const count = z.number().int()
const version = z.string().nullable()
const promptClass = z.enum(PROMPT_CLASSES)

/** When the classifier abstains. */
const Abstention = z.strictObject({ abstain_below: z.number(), abstain_to: promptClass })

/** What is in force, what the candidates are, and the history of decisions. */
export const Tuning = z.strictObject({
  live: z.strictObject({
    version: version.describe('Null: the configuration’s own rules and weights.'),
    rules_version: z.string(),
    weights_version: z.string(),
    by: z.string().nullable(),
    since: z.iso.datetime().nullable(),
  }),
  shadow: z.strictObject({
    version,
    is_own: z.boolean().describe('True if the configuration names the shadow; it cannot be changed here.'),
  }),
  can_roll_back: z.boolean(),
  candidates: z.array(Manifest).describe('Newest first; without those that cannot be read.'),
  unreadable: z.array(z.string()).describe('What is wrong with candidates that cannot be read, a line each.'),
  thresholds: Abstention,
  history: z.array(JournalEntry).describe('Newest first.'),
  rules: z.string().describe('Text of the rules in force.'),
})
export type Tuning = z.infer<typeof Tuning>

export const CandidatePage = z.strictObject({
  manifest: Manifest,
  rules: z.string(),
  thresholds: Abstention.describe('The candidate’s own, else the configuration’s.'),
})
export type CandidatePage = z.infer<typeof CandidatePage>

/** What is wrong with rules, and where in their text. */
export const RuleProblem = z.strictObject({
  line: count.nullable().describe('Counted from 1; null if the problem concerns the text as a whole.'),
  column: count.nullable().describe('Counted from 1.'),
  path: z.string().describe('The key, such as `rules[3].patterns[0]`.'),
  message: z.string(),
})
export type RuleProblem = z.infer<typeof RuleProblem>

export const RuleCheck = z.strictObject({
  ok: z.boolean(),
  problems: z.array(RuleProblem),
  counts: z
    .strictObject({ rules: count, patterns: count, follow_ups: count })
    .nullable()
    .describe('Null if the rules cannot be read.'),
})
export type RuleCheck = z.infer<typeof RuleCheck>

/** A candidate compared with what was live before, on the same prompts. */
export const Comparison = z.strictObject({
  rows: count,
  live: z.number().describe('Accuracy of what was live before: the fraction judged as labelled.'),
  candidate: z.number(),
  gained: count,
  lost: count,
  difference: z.number().describe('Accuracy gained, negative if lost; 0.01 is one percentage point.'),
  interval: z.tuple([z.number(), z.number()]).describe('95 % confidence interval of `difference`.'),
  chance: z
    .number()
    .describe('Probability that chance alone makes a difference this large (McNemar’s exact test).'),
})
export type Comparison = z.infer<typeof Comparison>

const Move = z.strictObject({
  from: z.string(),
  to: z.string(),
  rows: count,
  priced: count,
  cost_nusd: count,
  new_cost_nusd: count,
})

const Mover = z.strictObject({
  id: z.string(),
  team: z.string(),
  from: promptClass,
  to: promptClass,
  confidence: z.number(),
  new_confidence: z.number(),
  model: z.string(),
  new_model: z.string().nullable(),
  cost_nusd: count.nullable(),
  new_cost_nusd: count.nullable(),
})

/** The outcome of recorded requests under other rules, weights or thresholds. */
export const ReplayReport = z.strictObject({
  rules_version: z.string(),
  weights_version: z.string(),
  rows: count,
  replayed: count,
  by: z.strictObject({ features: count, text: count, redacted: count }),
  missing: z.record(z.string(), count).describe('Rows that cannot be decided again, by reason.'),
  identical: count,
  same_versions: z.strictObject({ rows: count, identical: count }),
  moved: count,
  classes: z.array(Move).describe('Moves between classes, largest first.'),
  models: z.array(Move).describe('Moves between models that are first in line.'),
  caveats: z.strictObject({
    reasoning_tokens_left: count,
    rows_to_reasoning: count,
    cached_tokens: count,
    unpriced: count,
    chosen_by_price: count,
  }),
  labelled: Comparison.nullable().describe('On labelled rows; null if there are none.'),
  biggest: z.array(Mover),
})
export type ReplayReport = z.infer<typeof ReplayReport>

/** A replay, during and after its run. */
export const ReplayRun = z.strictObject({
  id: z.string(),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  by: z.string(),
  started_at: z.iso.datetime(),
  done: count.describe('Requests decided again so far.'),
  report: ReplayReport.nullable(),
  problem: z.string().nullable().describe('Why the replay failed.'),
})
export type ReplayRun = z.infer<typeof ReplayRun>

/** What each candidate running in shadow would have decided differently. */
export const ShadowPage = z.strictObject({
  shadows: z.array(
    z.strictObject({
      rules_version: z.string(),
      weights_version: z.string(),
      rows: count.describe('Requests the shadow judged.'),
      moved: count.describe('How many of these would have had another class.'),
      moves: z
        .array(Move)
        .describe('Moves between classes. Costs are for the same tokens on the other class’s first model.'),
      labelled: Comparison.nullable().describe('On labelled rows; null if there are none.'),
    }),
  ),
})
export type ShadowPage = z.infer<typeof ShadowPage>
