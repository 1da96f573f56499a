import { z } from 'zod'
import { Alerts } from './alerts-schema.ts'
import { Capture } from './capture-schema.ts'
import { Classifier, Shadow } from './classifier-schema.ts'
import { ModelEntry, ModelName } from './model-schema.ts'
import { Log, Tracing } from './observation-schema.ts'
import { Server } from './server-schema.ts'
import { Store } from './store-schema.ts'
import { NAME, NAME_EXPECTED, TeamSettings } from './team-schema.ts'
import { duration, timerDuration } from './units.ts'
import { Upstream } from './upstream-schema.ts'

const Route = z
  .array(z.string())
  .min(1, 'a route needs at least one model')
  .refine((models) => new Set(models).size === models.length, 'lists a model twice')

export const Routes = z.strictObject({
  stem_reasoning: Route.describe('Models for STEM reasoning, in order of preference.'),
  factual_recall: Route.describe('Models for factual recall, in order of preference.'),
  language_heavy: Route.describe(
    'Models for language-heavy work, in order of preference. The first is the baseline for savings.',
  ),
})

const Lifecycle = z.strictObject({
  refresh: z
    .union([z.literal('never'), timerDuration()], { error: 'expected a duration such as 12h, or never' })
    .prefault('12h')
    .describe('How often to read the upstreams’ model lists for shutdown dates.'),
  warn_ahead: duration()
    .prefault('60d')
    .describe('How long before a routed model’s shutdown to start warning.'),
})

const named = <Value extends z.ZodType>(value: Value) =>
  z.record(z.string().regex(NAME, NAME_EXPECTED), value)

/** The configuration file as written. Keys keep their snake case; sizes, durations and dates are numbers. */
export const Settings = z
  .strictObject({
    server: Server.prefault({}).describe('Listeners and limits of this process.'),
    upstreams: named(Upstream).describe('Services that speak the OpenAI API, by name.'),
    models: z
      .record(ModelName, ModelEntry)
      .prefault({})
      .describe('Additions to the catalogue `models.yaml`, and overrides of single keys.'),
    preset: z
      .string()
      .min(1)
      .optional()
      .describe('Routes that ship with Trivium, used instead of `routes`. Available: `successors`.'),
    routes: Routes.optional().describe('Which models serve each class. Required without a `preset`.'),
    classifier: Classifier.prefault({}).describe('How prompts are classified.'),
    shadow: Shadow.optional().describe(
      'A second classifier that judges the same prompts without deciding anything. The ledger keeps both verdicts.',
    ),
    auth: z
      .enum(['keys', 'passthrough'])
      .prefault('keys')
      .describe(
        '`keys`: clients use the keys in `teams`. `passthrough`: the client’s own key goes upstream, and spend is charged to team `default`.',
      ),
    teams: named(TeamSettings)
      .prefault({})
      .describe('Teams by name: who may call, and how much they may spend.'),
    lifecycle: Lifecycle.prefault({}).describe('How upcoming model retirements are detected and announced.'),
    alerts: Alerts.prefault({}).describe('Where to send alerts when spend reaches a threshold of a budget.'),
    capture: Capture.prefault({}).describe('What is kept of prompts, and for how long.'),
    store: Store.prefault({}).describe('Where the ledger is stored.'),
    log: Log.prefault({}).describe('The log on stdout.'),
    tracing: Tracing.prefault({}).describe('OpenTelemetry traces of requests.'),
  })
  .refine(({ routes, preset }) => routes !== undefined || preset !== undefined, {
    error: 'is missing; say which models serve which class, or name a preset',
    path: ['routes'],
  })
export type Settings = z.infer<typeof Settings>
