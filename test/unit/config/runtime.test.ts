import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nanoUsd } from '../../../src/base/money.ts'
import { loadConfig } from '../../../src/config/load.ts'
import { processSettings } from '../../../src/config/process-settings.ts'
import { compileRuntime } from '../../../src/config/runtime.ts'
import { anyClassifier, problemsOf, sample, write } from './sample.ts'

const sha = 'a'.repeat(64)

test('compiles routes, keys, budgets and limits', (t) => {
  const more = `teams:
  research:
    budgets: [{ usd: 500, per: month }, { usd: 0.5, per: day }]
    alert_at: [0.5, 1]
    limits: { requests_per_minute: 600, concurrent: 64 }
    models: [gpt-4o]
    endpoints: [chat]
    keys: [{ id: ci, sha256: ${sha.toUpperCase()}, budgets: [{ usd: 1, per: total }], expires: 2027-01-01 }]
`
  const runtime = compileRuntime(loadConfig(write(t, sample(more)), {}), anyClassifier)
  assert.deepEqual(
    runtime.routes.stem_reasoning.map(({ model }) => model),
    ['o1-mini', 'gpt-4o'],
  )
  const key = runtime.keyOf(sha)
  assert.equal(key?.id, 'ci')
  assert.equal(key?.expiresAt, Date.UTC(2027, 0, 1))
  assert.deepEqual(key?.budgets, [
    {
      id: 'key:research/ci/total',
      team: 'research',
      key: 'ci',
      limit: nanoUsd(1_000_000_000),
      per: 'total',
      alertAt: [0.5, 1],
    },
  ])
  assert.deepEqual(
    key?.team.budgets.map(({ id, limit, alertAt }) => [id, limit, alertAt]),
    [
      ['team:research/month', 500_000_000_000, [0.5, 1]],
      ['team:research/day', 500_000_000, [0.5, 1]],
    ],
  )
  assert.deepEqual(key?.team.subject, {
    id: 'team:research',
    limits: { requestsPerMinute: 600, concurrent: 64 },
  })
  assert.deepEqual([...(key?.team.models ?? [])], ['gpt-4o'])
  assert.deepEqual([...(key?.team.endpoints ?? [])], ['chat'])
  assert.equal(runtime.keyOf('b'.repeat(64)), undefined)
})

test('has targets only for configured upstreams, under the names used there', (t) => {
  const text = sample().replace('openai: {', 'openai: { deployments: { gpt-4o: my-4o },')
  const { targets } = compileRuntime(loadConfig(write(t, text), {}), anyClassifier)
  assert.equal(targets.get('gpt-4o')?.sentModel, 'my-4o')
  assert.equal(targets.get('gpt-4o-mini')?.sentModel, 'gpt-4o-mini')
  assert.equal(targets.get('o1-mini')?.shutdownAt, Date.UTC(2025, 9, 27))
  const elsewhere = sample('models: { lone: { same_as: gpt-4o, upstream: other } }\n').replace(
    'routes:',
    '  other: { base_url: "http://127.0.0.1:9" }\nroutes:',
  )
  assert.equal(
    compileRuntime(loadConfig(write(t, elsewhere), {}), anyClassifier).targets.get('lone')?.upstream,
    'other',
  )
})

test('states no service tier to Azure, whose older versions refuse the field', (t) => {
  const azure = (kind: string) => `upstreams:
  openai: { base_url: "http://127.0.0.1:9", kind: ${kind}, api_version: 2024-10-21 }
routes: { stem_reasoning: [gpt-4o], factual_recall: [gpt-4o], language_heavy: [gpt-4o] }
`
  const takesTiers = (kind: string) =>
    compileRuntime(loadConfig(write(t, azure(kind)), {}), anyClassifier)
      .targets.get('gpt-4o')
      ?.capabilities.has('service_tier')
  assert.equal(takesTiers('azure'), false)
  assert.equal(takesTiers('openai'), true)
})

test('gives passthrough clients the team default', (t) => {
  const more = 'auth: passthrough\nteams: { default: { budgets: [{ usd: 1, per: day }] } }\n'
  const runtime = compileRuntime(loadConfig(write(t, sample(more)), {}), anyClassifier)
  assert.equal(runtime.auth, 'passthrough')
  assert.equal(runtime.passthroughKey.team.budgets[0]?.id, 'team:default/day')
})

const contradictions: Readonly<Record<string, readonly [text: string, problem: RegExp]>> = {
  'a route to an unknown model': [
    sample().replace('[gpt-4o-mini]', '[gpt-4o-min]'),
    /^5: routes\.factual_recall\[0\]: unknown model "gpt-4o-min"; did you mean "gpt-4o-mini"\?$/,
  ],
  'a route to a model of an absent upstream': [
    sample().replace('openai: {', 'mine: {'),
    /^4: .*model "o1-mini" is served by upstream "openai", which is not configured$/m,
  ],
  'a model of an upstream whose name every object knows': [
    sample('models: { gpt-4o: { upstream: toString } }'),
    /^7: models\.gpt-4o\.upstream: unknown upstream "toString"$/m,
  ],
  'a model of an unknown upstream': [
    sample('models: { gpt-4o: { upstream: opnai } }'),
    /^7: models\.gpt-4o\.upstream: unknown upstream "opnai"; did you mean "openai"\?$/m,
  ],
  'a deployment of a model that upstream does not serve': [
    sample().replace('openai: {', 'openai: { deployments: { gtp-4o: x },'),
    /^2: upstreams\.openai\.deployments\.gtp-4o: no model "gtp-4o" is served by upstream "openai"$/,
  ],
  'an allow-list with an unknown model': [
    sample('teams: { a: { models: [gpt-4o, gpt4o] } }'),
    /^7: teams\.a\.models\[1\]: unknown model "gpt4o"; did you mean "gpt-4o"\?$/,
  ],
  'one key in two places': [
    sample(
      `teams:\n  a: { keys: [{ id: k, sha256: ${sha} }] }\n  b: { keys: [{ id: l, sha256: ${sha} }] }\n`,
    ),
    /^9: teams\.b\.keys\[0\]\.sha256: the same key as a\/k$/,
  ],
  'passthrough without a team default': [
    sample('auth: passthrough'),
    /^7: auth: passthrough needs a team "default", which pays for every request$/,
  ],
  'an admin plane for everybody without a token': [
    sample('server: { admin: "0.0.0.0:8081" }'),
    /^7: server\.admin: listens beyond this machine, so admin_token must be set$/,
  ],
  'two planes on one address': [
    sample('server: { admin: "127.0.0.1:8080" }'),
    /^7: server\.admin: the same address as listen$/,
  ],
}

for (const [name, [text, problem]] of Object.entries(contradictions)) {
  test(`refuses ${name}`, (t) => {
    const config = loadConfig(write(t, text), {})
    assert.match(problemsOf(() => compileRuntime(config, anyClassifier)).join('\n'), problem)
  })
}

test('hands the process plain settings in milliseconds and bytes', (t) => {
  const text = sample(
    'store: { sqlite: here/t.db }\nserver: { listen: "[::1]:0", max_body: 1KiB }\n',
  ).replace('/v1"', '/v1/"')
  const settings = processSettings(loadConfig(write(t, text), {}))
  assert.deepEqual(settings.listen, { host: '::1', port: 0 })
  assert.equal(settings.maxBodyBytes, 1024)
  assert.equal(settings.drainMs, 30_000)
  assert.equal(settings.storeFile, `${process.cwd()}/here/t.db`)
  assert.deepEqual(settings.upstreams, [
    {
      name: 'openai',
      baseUrl: 'http://127.0.0.1:9/v1',
      apiKey: 'secret',
      kind: 'openai',
      apiVersion: undefined,
      deployments: {},
      timeouts: { connect: 5000, firstByte: 120_000, idle: 60_000, total: 600_000 },
      retries: 2,
    },
  ])
})
