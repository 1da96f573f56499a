import { z } from 'zod'
import { PROMPT_CLASSES } from '../../base/prompt-class.ts'
import { address } from './address.ts'
import { Capture } from './capture-schema.ts'
import { ModelEntry, ModelName } from './model-schema.ts'
import { People } from './people-schema.ts'
import { redisAddress } from './redis-address.ts'
import { NAME, NAME_EXPECTED, TeamSettings } from './team-schema.ts'
import { duration, size, timerDuration } from './units.ts'

/** As a browser sends it: no path, not even a slash. */
const ORIGIN = /^(\*|https?:\/\/[^/\s?#]+)$/

const Server = z.strictObject({
  listen: address()
    .prefault('127.0.0.1:8080')
    .describe('Data plane: `/v1/*`, and the same paths without `/v1`.'),
  admin: address()
    .prefault('127.0.0.1:8081')
    .describe('Admin plane: the console at `/`, its API below `/api/`, `/healthz`, `/readyz`, `/metrics`.'),
  admin_token: z
    .string()
    .prefault('')
    .describe('Token of the admin plane. Empty: loopback only, and a token is printed once at start.'),
  people: People.prefault([]).describe('Who else may use the admin plane, each with a token of his own.'),
  max_body: size()
    .prefault('20MiB')
    .describe('Largest request body that is held in memory, before and after it is decompressed.'),
  max_upload: size()
    .prefault('1GiB')
    .describe('Largest body that streams through unread: files, upload parts, whatever has no price.'),
  cors: z
    .array(z.string().regex(ORIGIN, 'expected an origin such as https://app.example, or *'))
    .prefault([])
    .describe('Origins whose pages may call the data plane from a browser; `*` is any. None: nobody’s.'),
  drain: timerDuration()
    .prefault('30s')
    .describe('Time requests in flight have to end after SIGTERM; at most `24d`.'),
})

const Timeouts = z.strictObject({
  connect: timerDuration().prefault('5s').describe('Until the connection stands, TLS included.'),
  first_byte: timerDuration().prefault('120s').describe('Until the first byte of the answer’s body.'),
  idle: timerDuration().prefault('60s').describe('Between two chunks of an answer.'),
  total: timerDuration().prefault('600s').describe('From the first attempt to the end of the answer.'),
})

const apiKey = z
  .string()
  .refine(
    (key) => !key.includes('…'),
    'is still the placeholder of the documentation: put your own key in its place',
  )
  .refine((key) => /^[ -~…]*$/.test(key), 'holds a line end or another sign that no HTTP header can carry')

const Upstream = z
  .strictObject({
    base_url: z
      .url({ protocol: /^https?$/, error: 'expected an http:// or https:// address', abort: true })
      .refine(
        (url) => !holdsCredentials(url),
        'must hold no user name or password; the key stands in api_key',
      )
      .refine((url) => !/[?#]/.test(url), 'must hold no ? or #; of Azure, the version stands in api_version')
      .describe(
        'Address below which `/chat/completions` lies, usually ending in `/v1`; of Azure, the resource’s.',
      ),
    api_key: z
      .union([apiKey, z.array(apiKey).min(1)], { error: 'expected a key, or a list of keys' })
      .optional()
      .describe(
        'Key sent upstream; absent where none is needed. Of a list, each takes its share of the requests.',
      ),
    kind: z.enum(['openai', 'azure']).prefault('openai').describe('Whose paths and key header it speaks.'),
    api_version: z.string().optional().describe('Azure: the `api-version` of every call.'),
    deployments: z
      .record(z.string(), z.string())
      .prefault({})
      .describe('Names models have on this upstream, where they differ: `{gpt-4o: my-deployment}`.'),
    timeouts: Timeouts.prefault({}).describe('How long each phase of a call may take; at most `24d` each.'),
    retries: z
      .int()
      .min(0)
      .max(10)
      .prefault(2)
      .describe('Further attempts on one target, before the first byte only.'),
  })
  .refine(
    ({ kind, base_url, api_version }) =>
      kind !== 'azure' || api_version !== undefined || /\/openai\/v1\/*$/.test(base_url),
    { error: 'azure needs an api_version, or a base_url that ends in /openai/v1', path: ['kind'] },
  )

function holdsCredentials(url: string): boolean {
  const { username, password } = new URL(url)
  return username !== '' || password !== ''
}

const Route = z
  .array(z.string())
  .min(1, 'a route needs at least one model')
  .refine((models) => new Set(models).size === models.length, 'a model stands twice')

export const Routes = z.strictObject({
  stem_reasoning: Route.describe('Models for STEM reasoning, the preferred one first.'),
  factual_recall: Route.describe('Models for factual recall, the preferred one first.'),
  language_heavy: Route.describe('Models for language-heavy work; the first is the baseline of savings.'),
})

const Classifier = z.strictObject({
  rules: z
    .string()
    .optional()
    .describe('Rules file, relative to this one. Absent: `rules.yaml` beside it, else the one that ships.'),
  weights: z
    .string()
    .optional()
    .describe(
      'Weights file, relative to this one. Absent: `classifier.bin` beside it, else the one that ships.',
    ),
  candidates: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Folder of candidates and of what was promoted, relative to the working directory. Absent: `candidates` beside `store.sqlite`.',
    ),
  abstain_below: z.number().min(0).max(1).prefault(0.5).describe('Confidence below which it abstains.'),
  abstain_to: z.enum(PROMPT_CLASSES).prefault('language_heavy').describe('Class of an abstention.'),
})

const Shadow = z
  .strictObject({
    rules: z
      .string()
      .optional()
      .describe('Its rules file, relative to this one. Absent: the rules in force.'),
    weights: z
      .string()
      .optional()
      .describe('Its weights file, relative to this one. Absent: the weights in force.'),
  })
  .refine(({ rules, weights }) => rules !== undefined || weights !== undefined, {
    error: 'names neither rules nor weights, so it would judge as what is in force does',
  })

const Lifecycle = z.strictObject({
  refresh: z
    .union([z.literal('never'), timerDuration()], { error: 'expected a duration such as 12h, or never' })
    .prefault('12h')
    .describe('How often the upstreams’ lists of models are read, for the days they will be shut down.'),
  warn_ahead: duration()
    .prefault('60d')
    .describe('How long before its shutdown a routed model is warned of.'),
})

const Alerts = z
  .strictObject({
    webhook: z
      .url({ protocol: /^https?$/, error: 'expected an http:// or https:// address', abort: true })
      .refine((url) => !holdsCredentials(url), 'must hold no user name or password')
      .optional()
      .describe('Where alerts are sent; absent: they are logged and measured only.'),
    secret: z
      .string()
      .min(16)
      .optional()
      .describe('Signs every call; after `whsec_` it is base64, as Standard Webhooks have it.'),
  })
  .refine(({ webhook, secret }) => webhook === undefined || secret !== undefined, {
    error: 'a webhook needs a secret, which signs every call',
    path: ['secret'],
  })

const storeFailure = (what: string) =>
  z
    .enum(['refuse', 'allow_within_local_share'])
    .prefault('refuse')
    .describe(`${what} while Redis is away: refused, or what each replica’s share of the limit allows.`)

const storeAddress = (protocol: RegExp, expected: string) =>
  z.url({ protocol, error: `expected an address such as ${expected}`, abort: true }).optional()

const LEAST_RETAIN_MS = 7 * 86_400_000

const Store = z
  .strictObject({
    sqlite: z
      .string()
      .min(1)
      .prefault('data/trivium.db')
      .describe('Database file of one process alone, relative to the working directory.'),
    redis: redisAddress()
      .optional()
      .describe(
        'Redis that replicas share, together with `postgres`; then `sqlite` is not used. A list: nodes of a cluster.',
      ),
    postgres: storeAddress(/^postgres(ql)?$/, 'postgres://trivium@localhost/trivium').describe(
      'Postgres that replicas share, together with `redis`.',
    ),
    retain: duration()
      .refine(
        (ms) => ms >= LEAST_RETAIN_MS,
        'must be at least 7d: a row must not go while it may still change',
      )
      .prefault('400d')
      .describe('How long rows are kept; at least `7d`. Sums and balances are kept for ever.'),
    on_store_failure: z
      .strictObject({
        requests: storeFailure('`requests_per_minute`'),
        tokens: storeFailure('`tokens_per_minute`'),
        concurrent: storeFailure('`concurrent`'),
        money: z
          .enum(['refuse'], {
            error: 'must be refuse: what a replica may spend while Redis is away is not known, see ADR 12',
          })
          .prefault('refuse')
          .describe('Budgets while Redis is away: refused, always.'),
      })
      .prefault({})
      .describe('What becomes of limits and budgets while Redis is away.'),
  })
  .refine(({ redis, postgres }) => (redis === undefined) === (postgres === undefined), {
    error: 'redis and postgres go together: money is decided in one, rows lie in the other',
    path: ['redis'],
  })

const Tracing = z.strictObject({
  endpoint: z
    .url({ protocol: /^https?$/, error: 'expected an http:// or https:// address', abort: true })
    .refine((url) => !holdsCredentials(url), 'must hold no user name or password')
    .optional()
    .describe(
      'Address of a collector below which `/v1/traces` takes OTLP. Absent: `OTEL_EXPORTER_OTLP_ENDPOINT`, and without that nothing is traced.',
    ),
  sample: z
    .number()
    .min(0)
    .max(1)
    .prefault(1)
    .describe('Share of the requests that is traced, of those whose caller does not say.'),
})

const named = <Value extends z.ZodType>(value: Value) =>
  z.record(z.string().regex(NAME, NAME_EXPECTED), value)

/** The configuration file as written. Keys keep their snake case; sizes, durations and dates are numbers. */
export const Settings = z
  .strictObject({
    server: Server.prefault({}).describe('Listeners and limits of this process.'),
    upstreams: named(Upstream).describe('Places that speak OpenAI’s API, by name.'),
    models: z
      .record(ModelName, ModelEntry)
      .prefault({})
      .describe('Additions to the catalogue `models.yaml`, and overrides key by key.'),
    preset: z
      .string()
      .min(1)
      .optional()
      .describe('Routes that ship with Trivium and stand in place of `routes`: `successors`.'),
    routes: Routes.optional().describe('Which models serve which class; required where no preset says it.'),
    classifier: Classifier.prefault({}).describe('How prompts are told apart.'),
    shadow: Shadow.optional().describe(
      'A second classifier that judges beside the one in force and decides nothing; the ledger keeps both verdicts.',
    ),
    auth: z
      .enum(['keys', 'passthrough'])
      .prefault('keys')
      .describe('`passthrough`: the client’s own key goes upstream and team `default` pays.'),
    teams: named(TeamSettings).prefault({}).describe('Who may ask, and for how much, by name.'),
    lifecycle: Lifecycle.prefault({}).describe('How models that are about to be retired are told.'),
    alerts: Alerts.prefault({}).describe('Who is told when a budget reaches a part of its limit.'),
    capture: Capture.prefault({}).describe('What is remembered of prompts.'),
    store: Store.prefault({}).describe('Where the ledger lies.'),
    log: z
      .strictObject({
        level: z
          .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
          .prefault('info')
          .describe('Least severe line that is written.'),
        requests: z
          .enum(['all', 'errors', 'none'])
          .prefault('all')
          .describe('Which requests get a line when they are over; `errors`: those that did not end well.'),
        sample: z
          .number()
          .min(0)
          .max(1)
          .prefault(1)
          .describe('Share of the requests that ended well which get one; all others do.'),
      })
      .prefault({})
      .describe('The log on stdout.'),
    tracing: Tracing.prefault({}).describe('Traces of requests, as OpenTelemetry has them.'),
  })
  .refine(({ routes, preset }) => routes !== undefined || preset !== undefined, {
    error: 'is missing; say which models serve which class, or name a preset',
    path: ['routes'],
  })
export type Settings = z.infer<typeof Settings>
