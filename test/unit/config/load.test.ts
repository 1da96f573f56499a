// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references are part of the file format.
import assert from 'node:assert/strict'
import { copyFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { ConfigError } from '../../../src/config/file/config-error.ts'
import { loadConfig } from '../../../src/config/load.ts'
import { loadWithoutSecrets } from '../../../src/config/load-without-secrets.ts'
import { directory, problemsOf, sample, write } from './sample.ts'

test('fills in every default', (t) => {
  const { settings } = loadConfig(write(t, sample()), {})
  assert.deepEqual(settings.server, {
    listen: { host: '127.0.0.1', port: 8080 },
    admin: { host: '127.0.0.1', port: 8081 },
    admin_token: '',
    people: [],
    max_body: 20 * 1024 * 1024,
    max_upload: 1024 ** 3,
    cors: [],
    drain: 30_000,
  })
  assert.deepEqual(settings.upstreams.openai?.timeouts, {
    connect: 5000,
    first_byte: 120_000,
    idle: 60_000,
    total: 600_000,
  })
  assert.equal(settings.auth, 'keys')
  assert.equal(settings.store.sqlite, 'data/trivium.db')
  assert.equal(settings.capture.retain, 30 * 86_400_000)
})

test('reads the shipped configuration, given an API key', () => {
  const config = loadConfig('config/trivium.yaml', { OPENAI_API_KEY: 'sk-x' })
  assert.equal(config.settings.upstreams.openai?.api_key, 'sk-x')
  assert.deepEqual(config.settings.routes.stem_reasoning, ['o1-mini', 'gpt-5.6-terra', 'gpt-4o'])
})

test('says which variable is missing, and reports nothing else about that key', () => {
  assert.throws(
    () => loadConfig('config/trivium.yaml', {}),
    (error) => error instanceof ConfigError && error.unset.includes('OPENAI_API_KEY'),
  )
  assert.match(
    problemsOf(() => loadConfig('config/trivium.yaml', {})).join('\n'),
    /^\d+: upstreams\.openai\.api_key: environment variable OPENAI_API_KEY is not set$/,
  )
})

test('parses environment values as numbers where the schema expects numbers', (t) => {
  const file = write(
    t,
    sample('teams: { a: { budgets: [{ usd: "${USD}", per: day }] } }\nlog: { level: "${L:-warn}" }'),
  )
  const { settings } = loadConfig(file, { USD: '12.5' })
  assert.equal(settings.teams.a?.budgets[0]?.usd, 12.5)
  assert.equal(settings.log.level, 'warn')
  assert.deepEqual(
    problemsOf(() => loadConfig(file, { USD: 'much' })),
    ['7: teams.a.budgets[0].usd: expected a number, found text'],
  )
})

test('accepts a secret with characters that would break the YAML', (t) => {
  const file = write(t, sample('server: { admin_token: "${TOKEN}" }'))
  const token = 'a": }\n- #{[*&!|>\'%@`'
  assert.equal(loadConfig(file, { TOKEN: token }).settings.server.admin_token, token)
})

test('names file, line, key and the nearest known key', (t) => {
  const file = write(t, sample('teams:\n  research:\n    budgts: []\nlogg: {}\n'))
  assert.throws(() => loadConfig(file, {}), {
    message:
      `${file}:9: teams.research.budgts: unknown key; did you mean "budgets"?\n` +
      `${file}:10: logg: unknown key; did you mean "log"?`,
  })
})

test('suggests nothing where no known key is similar', (t) => {
  const file = write(t, sample('zzzzzz: 1'))
  assert.deepEqual(
    problemsOf(() => loadConfig(file, {})),
    ['7: zzzzzz: unknown key'],
  )
})

const mistakes: Readonly<Record<string, readonly [text: string, problem: string]>> = {
  'a wrong type': ['server: { drain: 30 }', '7: server.drain: expected a duration such as 500ms, 5s or 30d'],
  'a drain longer than a timer can wait': [
    'server: { drain: 30d }',
    '7: server.drain: may be at most 24d, the longest supported timer',
  ],
  'a wrong choice': [
    'teams: { a: { routing: alway } }',
    '7: teams.a.routing: expected one of always, auto_only, off; did you mean "always"?',
  ],
  'a budget of nothing': [
    'teams: { a: { budgets: [{ usd: 0, per: day }] } }',
    '7: teams.a.budgets[0].usd: a budget must be above 0',
  ],
  'a budget beyond exact sums': [
    'teams: { a: { budgets: [{ usd: 10000000, per: day }] } }',
    '7: teams.a.budgets[0].usd: a budget may be at most 9007199 USD',
  ],
  'two budgets of one window': [
    'teams: { a: { budgets: [{ usd: 1, per: day }, { usd: 2, per: day }] } }',
    '7: teams.a.budgets[1].per: a second budget per day',
  ],
  'a key that is no SHA-256': [
    'teams: { a: { keys: [{ id: k, sha256: sk-secret }] } }',
    '7: teams.a.keys[0].sha256: expected the SHA-256 of the key: 64 hex digits',
  ],
  'two keys of one id': [
    `teams: { a: { keys: [{ id: k, sha256: ${'a'.repeat(64)} }, { id: k, sha256: ${'b'.repeat(64)} }] } }`,
    '7: teams.a.keys[1].id: a second key "k"',
  ],
  'a limit of nothing': [
    'teams: { a: { limits: { concurrent: 0 } } }',
    '7: teams.a.limits.concurrent: must be at least 1',
  ],
  'a name with a slash': [
    'teams: { a/b: {} }',
    '7: teams."a/b": not a name: expected up to 128 letters, digits, dots, dashes or underscores',
  ],
  'a list for a map': ['teams: []', '7: teams: expected a map of keys, found a list'],
}

for (const [name, [more, problem]] of Object.entries(mistakes)) {
  test(`refuses ${name}`, (t) => {
    const file = write(t, sample(more))
    assert.deepEqual(
      problemsOf(() => loadConfig(file, {})),
      [problem],
    )
  })
}

for (const phase of ['connect', 'first_byte', 'idle', 'total']) {
  test(`refuses a ${phase} timeout that a timer would treat as one millisecond`, (t) => {
    const withTimeout = (value: string) =>
      write(t, sample().replace('api_key: secret', `timeouts: { ${phase}: ${value} }`))
    assert.deepEqual(
      problemsOf(() => loadConfig(withTimeout('24.1d'), {})),
      [`2: upstreams.openai.timeouts.${phase}: may be at most 24d, the longest supported timer`],
    )
    assert.deepEqual(
      problemsOf(() => loadConfig(withTimeout('24d'), {})),
      [],
    )
  })
}

test('allows prompts to be kept for longer than a timer can wait', (t) => {
  const { settings } = loadConfig(write(t, sample('capture: { retain: 365d }')), {})
  assert.equal(settings.capture.retain, 365 * 86_400_000)
})

test('requires an upstream and a route for each class', (t) => {
  assert.deepEqual(
    problemsOf(() => loadConfig(write(t, 'routes: { stem_reasoning: [] }'), {})),
    [
      '1: upstreams: missing; expected a map of keys',
      '1: routes.stem_reasoning: a route needs at least one model',
      '1: routes.factual_recall: missing; expected a list',
      '1: routes.language_heavy: missing; expected a list',
    ],
  )
})

test('requires an api_version for azure, unless its base_url needs none', (t) => {
  const azure = (url: string) =>
    sample().replace('openai: {', `az: { kind: azure, base_url: "${url}" }\n  openai: {`)
  assert.deepEqual(
    problemsOf(() => loadConfig(write(t, azure('https://x.openai.azure.com')), {})),
    ['2: upstreams.az.kind: azure needs an api_version, or a base_url that ends in /openai/v1'],
  )
  loadConfig(write(t, azure('https://x.openai.azure.com/openai/v1')), {})
})

test('treats a key without a value as absent, but still refuses an unknown one', (t) => {
  const { settings } = loadConfig(write(t, sample('teams:\n  # none yet\nlog:\n')), {})
  assert.deepEqual(settings.teams, {})
  assert.deepEqual(
    problemsOf(() => loadConfig(write(t, sample('temas:\n')), {})),
    ['7: temas: unknown key; did you mean "teams"?'],
  )
})

test('reports broken YAML and never quotes it', (t) => {
  const cases = {
    'a: "sk-secret\nb: 1': 'not valid YAML: a closing quote, bracket or a colon is missing',
    'a: 1\na: sk-secret': 'not valid YAML: duplicate key',
    'a: *sk-secret': 'not valid YAML: a value that starts with * must be quoted',
    'a:\n\tb: sk-secret': 'not valid YAML: indent with spaces, not tabs',
    'a: { b: ${SK_SECRET} }': '"${NAME}" in quotes',
  }
  for (const [text, expected] of Object.entries(cases)) {
    const problems = problemsOf(() => loadConfig(write(t, text), {})).join('\n')
    assert.ok(problems.includes(expected), `${text}: ${problems}`)
    assert.doesNotMatch(problems, /sk-secret/i)
  }
})

test('says why a file cannot be read', (t) => {
  const folder = directory(t)
  assert.throws(() => loadConfig(join(folder, 'none.yaml'), {}), { message: /none\.yaml: no such file$/ })
  assert.throws(() => loadConfig(folder, {}), { message: /: a directory, not a file$/ })
})

test('defaults to files beside the configuration, else to the shipped ones', (t) => {
  const file = write(t, sample())
  const shipped = loadConfig(file, {}).files
  assert.match(shipped.models, /config\/models\.yaml$/)
  assert.match(shipped.rules, /config\/rules\.yaml$/)
  copyFileSync('config/models.yaml', join(dirname(file), 'models.yaml'))
  assert.equal(loadConfig(file, {}).files.models, join(dirname(file), 'models.yaml'))
})

test('resolves named files relative to the configuration', (t) => {
  const file = write(t, sample('classifier: { rules: mine/rules.yaml, weights: /abs/w.bin }'))
  const { files } = loadConfig(file, {})
  assert.equal(files.rules, join(dirname(file), 'mine/rules.yaml'))
  assert.equal(files.weights, '/abs/w.bin')
})

test('refuses aliases that expand to too many values or contain themselves', (t) => {
  const nine = (name: string) => `[${Array.from({ length: 9 }, () => name).join(', ')}]`
  const bomb = `a: &a ${nine('x')}\nb: &b ${nine('*a')}\nc: &c ${nine('*b')}\nd: ${nine('*c')}`
  assert.deepEqual(
    problemsOf(() => loadConfig(write(t, sample(bomb)), {})),
    ['-: : its aliases expand to far too many values'],
  )
  assert.deepEqual(
    problemsOf(() => loadConfig(write(t, sample('teams: &teams { a: *teams }')), {})),
    ['7: : not valid YAML: an alias refers to a value that contains it'],
  )
})

test('refuses keys and URLs that no request could be sent with, and never prints them', (t) => {
  const saidOf = (from: string, to: string, env = {}) =>
    problemsOf(() => loadConfig(write(t, sample().replace(from, to)), env))
  const key = '2: upstreams.openai.api_key:'
  const url = '2: upstreams.openai.base_url:'
  const unsendable = `${key} contains a line break or another character that no HTTP header can carry`
  assert.deepEqual(saidOf('secret', '"${KEY}"', { KEY: 'sk-hidden\n' }), [unsendable])
  assert.deepEqual(saidOf('secret', '"sk\\0hidden"'), [unsendable])
  for (const broken of ['"${KEY"', '"${}"', '"${KEY-x}"']) {
    const said = 'a ${ that does not start a ${NAME} or ${NAME:-default}; write a literal one as $${'
    assert.deepEqual(saidOf('secret', broken, { KEY: 'sk-hidden' }), [`${key} ${said}`])
  }
  assert.deepEqual(saidOf('127.0.0.1:9', 'me:hidden@127.0.0.1:9'), [
    `${url} must not contain a user name or password; put the key in api_key`,
  ])
  for (const end of ['?', '?key=hidden', '#', '#hidden']) {
    assert.deepEqual(saidOf('/v1', `/v1${end}`), [
      `${url} must not contain ? or #; for Azure, put the version in api_version`,
    ])
  }
  assert.deepEqual(saidOf('http://127.0.0.1:9/v1', 'somewhere'), [
    `${url} expected an http:// or https:// address`,
  ])
})

test('refuses the name __proto__, which would vanish', (t) => {
  const said = (more: string) => problemsOf(() => loadConfig(write(t, sample(more)), {}))
  assert.deepEqual(said('teams:\n  __proto__: { budgets: [] }'), [
    '8: teams.__proto__: a reserved name; choose another',
  ])
  assert.deepEqual(said('models: { __proto__: {} }'), [
    '7: models.__proto__: a reserved name; choose another',
  ])
})

test('refuses .nan and .inf where a number is expected', (t) => {
  const said = (usd: string) =>
    problemsOf(() =>
      loadConfig(write(t, sample(`teams: { a: { budgets: [{ usd: ${usd}, per: day }] } }`)), {}),
    )
  const place = '7: teams.a.budgets[0].usd: expected a number, found'
  assert.deepEqual(said('.nan'), [`${place} .nan`])
  assert.deepEqual(said('.inf'), [`${place} .inf`])
  assert.deepEqual(said('-.inf'), [`${place} .inf`])
})

test('a preset sets all three routes in one line, whatever routes are configured', (t) => {
  const { settings, files } = loadConfig(write(t, `preset: successors\n${sample()}`), {})
  assert.deepEqual(settings.routes.language_heavy, ['gpt-6-luna', 'gpt-5.6-terra'])
  assert.match(files.preset ?? '', /successors\.yaml$/)
  const bare = sample().replace(/^routes:\n(?: .*\n)+/m, '')
  assert.deepEqual(loadConfig(write(t, `preset: successors\n${bare}`), {}).settings.routes, settings.routes)
  assert.match(
    problemsOf(() => loadConfig(write(t, bare), {}))[0] ?? '',
    /routes: is missing; say which models/,
  )
})

test('an unknown preset is refused with a list of the known ones', (t) => {
  const problems = problemsOf(() => loadConfig(write(t, `preset: sucessors\n${sample()}`), {}))
  assert.match(problems.join(), /^1: preset: no preset "sucessors".*"successors"/)
})

// With the configuration of ops/compose, "store.redis: expected an address" was all that trivium classify said.
test('where secrets may be unset, anything fits that a server has in its environment', (t) => {
  const text = sample(`
server: { listen: '\${LISTEN}', drain: '\${DRAIN}', max_body: '\${SIZE}', admin_token: '\${TOKEN}' }
store: { redis: ['\${REDIS_URL}', 'redis://b'], postgres: '\${POSTGRES_URL}', retain: '\${RETAIN}' }
alerts: { webhook: '\${HOOK}', secret: '\${SIGNS}' }
teams: { a: { limits: { concurrent: '\${MOST}' }, keys: [{ id: k, sha256: '\${HASH}' }] } }
`)
  const { settings } = loadWithoutSecrets(write(t, text), { DRAIN: '7s' })
  assert.equal(settings.server.drain, 7_000)
  const fault = problemsOf(() =>
    loadWithoutSecrets(write(t, text.replace('teams:', 'sever: {}\nteams:')), {}),
  )
  assert.match(fault.join(), /^\d+: sever: unknown key; did you mean "server"\?$/)
  const unfit = problemsOf(() => loadWithoutSecrets(write(t, sample('log: { level: "${LEVEL}" }')), {}))
  assert.match(unfit.join(), /log\.level: environment variable LEVEL is not set$/)
})
