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
    .describe('Data plane: serves `/v1/*`, and the same paths without `/v1`.'),
  admin: address()
    .prefault('127.0.0.1:8081')
    .describe('Admin plane: console at `/`, API under `/api/`, `/healthz`, `/readyz`, `/metrics`.'),
  admin_token: z
    .string()
    .prefault('')
    .describe(
      'Token for the admin plane. Empty: loopback only, with a token generated and printed once at startup.',
    ),
  people: People.prefault([]).describe('Other users of the admin plane, each with their own token.'),
  max_body: size()
    .prefault('20MiB')
    .describe('Largest request body held in memory. Applies before and after decompression.'),
  max_upload: size()
    .prefault('1GiB')
    .describe('Largest request body streamed through unread: files, upload parts, anything without a price.'),
  cors: z
    .array(z.string().regex(ORIGIN, 'expected an origin such as https://app.example, or *'))
    .prefault([])
    .describe(
      'Origins whose pages may call the data plane from a browser. `*` allows all, an empty list none.',
    ),
  drain: timerDuration()
    .prefault('30s')
    .describe('Time requests in flight get to finish after SIGTERM; at most `24d`.'),
})

const Timeouts = z.strictObject({
  connect: timerDuration().prefault('5s').describe('Time to establish the connection, including TLS.'),
  first_byte: timerDuration()
    .prefault('120s')
    .describe(
      'Time to the first byte of the response body. Without streaming, that is usually the whole generation.',
    ),
  idle: timerDuration()
    .prefault('60s')
    .describe('Longest gap between two chunks of a response. Waiting for a slow client does not count.'),
  total: timerDuration()
    .prefault('600s')
    .describe(
      'Duration of one attempt, to the end of the response. A request older than this is not tried again.',
    ),
})

const apiKey = z
  .string()
  .refine(
    (key) => !key.includes('…'),
    'is still the placeholder from the documentation: replace it with your own key',
  )
  .refine(
    (key) => /^[ -~…]*$/.test(key),
    'contains a line break or another character that no HTTP header can carry',
  )

const Upstream = z
  .strictObject({
    base_url: z
      .url({ protocol: /^https?$/, error: 'expected an http:// or https:// address', abort: true })
      .refine(
        (url) => !holdsCredentials(url),
        'must not contain a user name or password; put the key in api_key',
      )
      .refine(
        (url) => !/[?#]/.test(url),
        'must not contain ? or #; for Azure, put the version in api_version',
      )
      .describe(
        'URL under which `/chat/completions` is found, usually ending in `/v1`. For Azure, the resource URL.',
      ),
    api_key: z
      .union([apiKey, z.array(apiKey).min(1)], { error: 'expected a key, or a list of keys' })
      .optional()
      .describe(
        'Key sent upstream; omit if none is needed. With a list, each key takes its share of the requests.',
      ),
    kind: z
      .enum(['openai', 'azure'])
      .prefault('openai')
      .describe('Which vendor’s paths and key header the upstream uses.'),
    api_version: z.string().optional().describe('Azure: the `api-version` sent with every call.'),
    deployments: z
      .record(z.string(), z.string())
      .prefault({})
      .describe('Model names on this upstream, where they differ: `{gpt-4o: my-deployment}`.'),
    timeouts: Timeouts.prefault({}).describe('Time limits for each phase of a call; at most `24d` each.'),
    retries: z
      .int()
      .min(0)
      .max(10)
      .prefault(2)
      .describe('Retries per target, only before the first byte of the response.'),
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
  .refine((models) => new Set(models).size === models.length, 'lists a model twice')

export const Routes = z.strictObject({
  stem_reasoning: Route.describe('Models for STEM reasoning, in order of preference.'),
  factual_recall: Route.describe('Models for factual recall, in order of preference.'),
  language_heavy: Route.describe(
    'Models for language-heavy work, in order of preference. The first is the baseline for savings.',
  ),
})

const Classifier = z.strictObject({
  rules: z
    .string()
    .optional()
    .describe('Rules file, relative to this file. Absent: `rules.yaml` next to it, else the one that ships.'),
  weights: z
    .string()
    .optional()
    .describe(
      'Weights file, relative to this file. Absent: `classifier.bin` next to it, else the one that ships.',
    ),
  candidates: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Folder for candidates and the journal of promotions, relative to the working directory. Absent: `candidates` next to `store.sqlite`.',
    ),
  abstain_below: z
    .number()
    .min(0)
    .max(1)
    .prefault(0.5)
    .describe(
      'Calibrated confidence below which the classifier abstains. Raise it to send more doubtful prompts to `abstain_to`.',
    ),
  abstain_to: z
    .enum(PROMPT_CLASSES)
    .prefault('language_heavy')
    .describe('Class used when the classifier abstains.'),
})

const Shadow = z
  .strictObject({
    rules: z
      .string()
      .optional()
      .describe('The shadow’s rules file, relative to this file. Absent: the rules in force.'),
    weights: z
      .string()
      .optional()
      .describe('The shadow’s weights file, relative to this file. Absent: the weights in force.'),
  })
  .refine(({ rules, weights }) => rules !== undefined || weights !== undefined, {
    error: 'names neither rules nor weights, so its verdicts would be the same as the live ones',
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

const Alerts = z
  .strictObject({
    webhook: z
      .url({ protocol: /^https?$/, error: 'expected an http:// or https:// address', abort: true })
      .refine((url) => !holdsCredentials(url), 'must not contain a user name or password')
      .optional()
      .describe('URL that receives alerts. Absent: they appear only in the log and the metrics.'),
    secret: z
      .string()
      .min(16)
      .optional()
      .describe(
        'Signs every webhook call; at least 16 characters. After the prefix `whsec_` it is base64, as in Standard Webhooks.',
      ),
  })
  .refine(({ webhook, secret }) => webhook === undefined || secret !== undefined, {
    error: 'a webhook needs a secret, which signs every call',
    path: ['secret'],
  })

const storeFailure = (what: string) =>
  z
    .enum(['refuse', 'allow_within_local_share'])
    .prefault('refuse')
    .describe(
      `Requests under a ${what} limit while Redis is unavailable: refuse them, or let each replica admit its share of the limit.`,
    )

const storeAddress = (protocol: RegExp, expected: string) =>
  z.url({ protocol, error: `expected an address such as ${expected}`, abort: true }).optional()

const LEAST_RETAIN_MS = 7 * 86_400_000

const Store = z
  .strictObject({
    sqlite: z
      .string()
      .min(1)
      .prefault('data/trivium.db')
      .describe('Database file for a single process, relative to the working directory.'),
    redis: redisAddress()
      .optional()
      .describe(
        'Redis shared by all replicas; requires `postgres`, and `sqlite` is then not used. A list names nodes of a cluster.',
      ),
    postgres: storeAddress(/^postgres(ql)?$/, 'postgres://trivium@localhost/trivium').describe(
      'Postgres shared by all replicas; requires `redis`.',
    ),
    retain: duration()
      .refine(
        (ms) => ms >= LEAST_RETAIN_MS,
        'must be at least 7d: a row must not be deleted while it may still change',
      )
      .prefault('400d')
      .describe('How long rows are kept; at least `7d`. Sums and balances are kept forever.'),
    on_store_failure: z
      .strictObject({
        requests: storeFailure('`requests_per_minute`'),
        tokens: storeFailure('`tokens_per_minute`'),
        concurrent: storeFailure('`concurrent`'),
        money: z
          .enum(['refuse'], {
            error: 'must be refuse: while Redis is down, what a replica may spend is unknown (see ADR 12)',
          })
          .prefault('refuse')
          .describe('Requests under a budget while Redis is unavailable: always refused.'),
      })
      .prefault({})
      .describe('What happens to limits and budgets while Redis is unavailable.'),
  })
  .refine(({ redis, postgres }) => (redis === undefined) === (postgres === undefined), {
    error: 'set both redis and postgres: budgets are kept in Redis, rows in Postgres',
    path: ['redis'],
  })

const Tracing = z.strictObject({
  endpoint: z
    .url({ protocol: /^https?$/, error: 'expected an http:// or https:// address', abort: true })
    .refine((url) => !holdsCredentials(url), 'must not contain a user name or password')
    .optional()
    .describe(
      'Base URL of an OTLP collector, without `/v1/traces`. Absent: `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` or `OTEL_EXPORTER_OTLP_ENDPOINT`; without either, tracing is off.',
    ),
  sample: z
    .number()
    .min(0)
    .max(1)
    .prefault(1)
    .describe('Fraction of requests traced, unless the caller’s `traceparent` decides.'),
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
    log: z
      .strictObject({
        level: z
          .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
          .prefault('info')
          .describe('Lowest severity that is written.'),
        requests: z
          .enum(['all', 'errors', 'none'])
          .prefault('all')
          .describe(
            'Which requests are logged when they end. `errors`: only those whose outcome is not `ok`.',
          ),
        sample: z
          .number()
          .min(0)
          .max(1)
          .prefault(1)
          .describe('Fraction of `ok` requests that is logged under `requests: all`. All others are logged.'),
      })
      .prefault({})
      .describe('The log on stdout.'),
    tracing: Tracing.prefault({}).describe('OpenTelemetry traces of requests.'),
  })
  .refine(({ routes, preset }) => routes !== undefined || preset !== undefined, {
    error: 'is missing; say which models serve which class, or name a preset',
    path: ['routes'],
  })
export type Settings = z.infer<typeof Settings>
